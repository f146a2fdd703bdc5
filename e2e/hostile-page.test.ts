import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { serveHostilePage } from './support/hostile-page.ts'
import type { LocalSite } from './support/listen.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()
let host: LocalSite

beforeAll(async () => {
  host = await serveHostilePage(stage.site.url)
})

afterAll(() => host?.close())

it('a page that styles everything and changes every prototype gets the same chat as any other', async () => {
  const [clean, hostile] = [await chatOn('/clean'), await chatOn('/')]
  expect(hostile.complaints).toEqual([])
  expect(hostile.answer).toBe(clean.answer)
  expect(hostile.looks).toEqual(clean.looks)
  expect(hostile.answer.length).toBeGreaterThan(20)
})

interface Outcome {
  readonly complaints: string[]
  readonly answer: string
  readonly looks: Record<string, string>
}

async function chatOn(path: string): Promise<Outcome> {
  const page = await stage.browser.newPage({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  })
  try {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
    })
    await page.goto(host.url + path)
    const chat = new Chat(page)
    await chat.open()
    const answer = await chat.ask('What is Colloquy?')
    await chat.settle()
    return { complaints, answer: await chat.textOf(answer), looks: await looksOf(page) }
  } finally {
    await page.close()
  }
}

/** How every element of the chat looks, by its place in the tree: what a page may have tried to change, and where it stands. */
function looksOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const looks: Record<string, string> = {}
    const visit = (root: ParentNode, path: string): void => {
      Array.from(root.children).forEach((element, index) => {
        const name = `${path}/${element.localName}${index}`
        const style = getComputedStyle(element)
        const { x, y, width, height } = element.getBoundingClientRect()
        const words = [
          'color',
          'backgroundColor',
          'font',
          'letterSpacing',
          'textTransform',
          'textIndent',
          'textShadow',
          'whiteSpace',
          'cursor',
          'visibility',
          'pointerEvents',
          'display',
          'direction',
          'textAlign',
          'wordSpacing',
          'listStyle',
          'opacity',
        ] as const
        looks[name] =
          [x, y, width, height].map(Math.round).join(' ') + ' ' + words.map((word) => style[word]).join('; ')
        if (element.shadowRoot) visit(element.shadowRoot, `${name}#`)
        visit(element, name)
      })
    }
    const root = document.querySelector('chat-widget')?.shadowRoot
    if (root) visit(root, '')
    return looks
  })
}
