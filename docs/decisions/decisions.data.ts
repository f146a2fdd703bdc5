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
      .map(({ url, src = '' }) => ({ url, title: /^# (.+)$/m.exec(src)?.[1] ?? url, date: dateOf(url, src) }))
      .toSorted((one, other) => (one.url < other.url ? -1 : 1)),
})

/** @throws Error when no line begins with one: a record says when it was decided */
function dateOf(url: string, text: string): string {
  const date = /^\d{4}-\d{2}-\d{2}/m.exec(text)?.[0]
  if (date === undefined) throw new Error(`${url} has no date`)
  return date
}

declare const data: readonly Decision[]
export { data }
