import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { states } from '../packages/chat-widget/test/screenshot-states.mjs'
import { rest, serveStates, show } from '../packages/chat-widget/test/state-pages.mjs'
import { launchBrowser } from './support/browser.ts'

/** WCAG 2.2, A and AA, and what axe calls good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const LOOKS = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'forced colours', media: { colorScheme: 'dark', forcedColors: 'active' } },
] as const
/** The panel goes by the language, the launcher's corner by the direction of the page. */
const LANGUAGES = [
  { lang: 'en', dir: 'ltr' },
  { lang: 'ar', dir: 'rtl' },
] as const
const manyMessages = `(async ({ client, fakeMessage }) => {
  for (let i = 0; i < 20; i += 1) {
    client.put(fakeMessage({ id: 'm_q' + i, role: 'user', status: 'sent', content: 'Do you ship to Norway?' }))
    client.put(fakeMessage({ id: 'm_a' + i, content: 'Yes, in **5 to 8 days**.\\n\\n'.repeat(6) }))
  }
  await new Promise((done) => setTimeout(done, 300))
})(window.chat)`
const textColours = `[...document.querySelector('chat-widget')
  .shadowRoot.querySelector('chat-widget-panel')
  .shadowRoot.querySelector('chat-widget-message-list')
  .shadowRoot.querySelectorAll('chat-widget-message')
].map((message) => getComputedStyle(message.shadowRoot.querySelector('article')).color)`
const SCREENS = [
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
  { name: 'phone', viewport: { width: 320, height: 640 } },
]

let browser: Browser
let site: { url: string; close: () => void }
let axe: string

beforeAll(async () => {
  browser = await launchBrowser()
  site = await serveStates()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})

afterAll(async () => {
  await browser?.close()
  site?.close()
})

describe.each(Object.keys(states))('in the state %s', (state) => {
  let page: Page
  beforeAll(async () => {
    page = await browser.newPage({ reducedMotion: 'reduce' })
    await show(page, site.url, state)
    await page.evaluate(axe)
  })
  afterAll(() => page?.close())

  it.each(SCREENS)(
    'axe finds nothing on a $name, in every look and both directions, and there is room to press',
    async ({ viewport }) => {
      // As when a tablet is turned: the panel becomes a sheet over the whole screen.
      await page.setViewportSize(viewport)
      const findings: string[] = []
      for (const language of LANGUAGES) {
        await speak(page, language)
        for (const { name, media } of LOOKS) {
          await page.emulateMedia(media)
          await rest(page)
          findings.push(...(await check(page)).map((finding) => `${name}, ${language.dir}: ${finding}`))
        }
      }
      expect(findings).toEqual([])
      expect(await page.evaluate(smallTargets)).toEqual([])
    },
  )
})

describe('a visitor whose system changes its theme while the panel is open', () => {
  it.each(['reduce', 'no-preference'] as const)(
    'has every message in the new colours, also those out of sight, with reducedMotion: %s',
    async (reducedMotion) => {
      const page = await browser.newPage({ reducedMotion, colorScheme: 'light' })
      try {
        await show(page, site.url, 'empty')
        await page.evaluate(manyMessages)
        await rest(page)
        const before = await page.evaluate(textColours)
        await page.emulateMedia({ colorScheme: 'dark' })
        await rest(page)
        expect(before).toEqual(Array(40).fill('rgb(24, 27, 36)'))
        expect(await page.evaluate(textColours)).toEqual(Array(40).fill('rgb(236, 238, 245)'))
      } finally {
        await page.close()
      }
    },
  )
})

/** Turns page and widget to a language, and waits until the widget's words and direction are those of it. */
async function speak(page: Page, { lang, dir }: (typeof LANGUAGES)[number]): Promise<void> {
  await page.evaluate(({ lang, dir }) => Object.assign(document.documentElement, { lang, dir }), {
    lang,
    dir,
  })
  await page.waitForFunction(
    ({ lang, dir }) => {
      const root = document.querySelector('chat-widget')?.shadowRoot
      const panel = root?.querySelector('chat-widget-panel')
      return root?.querySelector(`.root[lang='${lang}']`) && (!panel || panel.matches(`:dir(${dir})`))
    },
    { lang, dir },
    // Not by frames, of which a busy machine has few.
    { polling: 50 },
  )
}

/** What can be pressed and has less than 44 px to press; a link in running text is as high as that. Runs in the page. */
function smallTargets(): string[] {
  const targets = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.matches('button, textarea, select, summary, input:not([type=checkbox])') ? [element] : []),
      ...(element.shadowRoot ? targets(element.shadowRoot) : []),
    ])
  const chat = document.querySelector('chat-widget')?.shadowRoot
  return targets(chat ?? document)
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => ({ element, ...element.getBoundingClientRect().toJSON() }))
    .filter(({ width, height }) => width < 44 || height < 44)
    .map(({ element, width, height }) => `${element.className} ${element.ariaLabel}: ${width} × ${height}`)
}

async function check(page: Page): Promise<string[]> {
  const {
    violations,
  }: { violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] } =
    await page.evaluate(
      `axe.run('chat-widget', { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`,
    )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} ${JSON.stringify(target)} ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  )
}
