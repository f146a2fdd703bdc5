import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { states } from '../packages/chat-widget/test/screenshot-states.mjs'
import { rest, serveStates, show } from '../packages/chat-widget/test/state-pages.mjs'
import { launchBrowser } from './support/browser.ts'
import { bringAxe, findingsOf, SCREENS, smallTargetsOf } from './support/looks.ts'

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
let browser: Browser
let site: { url: string; close: () => void }
/** Of all states, each in a tab of its own: a window takes Chromium about as long as the page in it. */
let calm: BrowserContext

beforeAll(async () => {
  browser = await launchBrowser()
  site = await serveStates()
  calm = await browser.newContext({ reducedMotion: 'reduce' })
  // Keeps the window.
  await calm.newPage()
})

afterAll(async () => {
  await browser?.close()
  site?.close()
})

describe.each(Object.keys(states))('in the state %s', (state) => {
  let page: Page
  beforeAll(async () => {
    page = await calm.newPage()
    await show(page, site.url, state)
    await bringAxe(page)
  })
  afterAll(() => page?.close())

  it.each(SCREENS)(
    'axe finds nothing on a $name, in every look and both directions, and there is room to press',
    async ({ viewport }) => {
      // As when a tablet is turned: the panel becomes a sheet over the whole screen.
      await page.setViewportSize(viewport)
      expect(await findingsOf(page)).toEqual([])
      expect(await smallTargetsOf(page)).toEqual([])
    },
  )
})

describe('where colours are forced', () => {
  /** What a style of the first such element is. */
  const styleOf = (page: Page, selector: string, name: 'fill' | 'color' | 'outlineStyle'): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element)[name], name)

  it('the open conversation and the thumb that was given are told by more than a colour', async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce', forcedColors: 'active' })
    try {
      await show(page, site.url, 'list')
      expect(await styleOf(page, 'li:has([aria-current=true])', 'outlineStyle')).toBe('solid')
      expect(await styleOf(page, 'li:not(:has([aria-current=true]))', 'outlineStyle')).toBe('none')
      await show(page, site.url, 'feedback')
      expect(await styleOf(page, '.given svg', 'fill')).toBe(await styleOf(page, '.given svg', 'color'))
      expect(await styleOf(page, '.thumb:not(.given) svg', 'fill')).toBe('none')
    } finally {
      await page.close()
    }
  })
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
