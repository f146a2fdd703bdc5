import { createContentLoader } from 'vitepress'

interface Decision {
  readonly url: string
  readonly title: string
  readonly date: string
}

/** Every record of this folder, in the order of the numbers. */
export default createContentLoader('decisions/0*.md', {
  includeSrc: true,
  transform: (pages): Decision[] =>
    pages
      .map(({ url, src = '' }) => ({ url, title: /^# (.+)$/m.exec(src)?.[1] ?? url, date: dateIn(src) }))
      .toSorted((one, other) => (one.url < other.url ? -1 : 1)),
})

const dateIn = (text: string): string => /\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? ''
declare const data: readonly Decision[]
export { data }
