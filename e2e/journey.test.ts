import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()
let context: BrowserContext
let page: Page
let chat: Chat
/** What the browser complained about, violations of the content security policy among it. */
let complaints: string[]

const SCREENS = [
  { name: 'phone', viewport: { width: 360, height: 740 } },
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
]

describe.each(SCREENS)('on a $name', ({ viewport }) => {
  beforeEach(async () => {
    context = await stage.browser.newContext({ viewport })
    page = await context.newPage()
    complaints = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
    })
    chat = new Chat(page)
    await page.goto(stage.site.url)
  })

  afterEach(() => context.close())

  it('the page holds one script tag of the chat, fits the screen, and nobody complains', async () => {
    await chat.open()
    expect(await page.locator('script[src*="widget"]').count()).toBe(1)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBe(viewport.width)
    const panel = await chat.question.boundingBox()
    expect(panel?.x).toBeGreaterThanOrEqual(0)
    expect((panel?.x ?? 0) + (panel?.width ?? 0)).toBeLessThanOrEqual(viewport.width)
    expect(complaints).toEqual([])
  })

  it('opens with a press in the middle of which its code comes', async () => {
    const pressed = Promise.withResolvers<void>()
    await page.route('**/chat-widget.js', async (route) => {
      await pressed.promise
      await route.continue()
    })
    await chat.button('Chat').hover()
    await page.mouse.down()
    pressed.resolve()
    await page.waitForFunction(() => customElements.get('chat-widget') !== undefined, null, { polling: 50 })
    await page.mouse.up()
    await chat.question.waitFor()
    expect(complaints).toEqual([])
  })

  it('says that the demo model answers', async () => {
    await chat.open()
    await page.getByText('You are talking to the demo model.').waitFor()
  })

  it('an answer grows while it is written', async () => {
    await chat.open()
    const answer = await chat.ask('What are your features?')
    const seen = new Set<number>()
    while (await chat.stop.isVisible()) seen.add((await chat.textOf(answer)).length)
    const lengths = [...seen]
    expect(lengths.length).toBeGreaterThan(5)
    // Not each longer than the one before: marks that turn into a table or a link leave the text.
    expect(lengths.at(-1)).toBeGreaterThan(2 * (lengths[0] ?? 0))
    expect(complaints).toEqual([])
  })

  it('code has colours where the site wants them, under the strictest policy', async () => {
    await page.locator('chat-widget').evaluate((widget) => widget.setAttribute('extras', 'highlight'))
    await chat.open()
    const answer = await chat.ask('How do I get started?')
    await chat.settle()
    await answer.locator('.hl-string, .hl-keyword, .hl-tag').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('formulas are shown where the site wants them, under the strictest policy', async () => {
    await chat.open()
    await chat.ask('Hello')
    await chat.settle()
    await page.evaluate(() => {
      const answer = document.body.appendChild(document.createElement('chat-widget-markdown'))
      const policy = { allowHtml: false, imageHosts: new Set(), extras: new Set(['math']) }
      Object.assign(answer, { text: 'so $\\frac{1}{2}$ of it', done: true, policy })
    })
    await page.locator('chat-widget-markdown math mfrac').waitFor()
    expect(await page.locator('body > chat-widget-markdown .content').textContent()).toBe('so 12 of it')
    expect(complaints).toEqual([])
  })

  it('a stopped answer keeps what was written, and says that it was stopped', async () => {
    await chat.open()
    const answer = await chat.ask('Tell me a long story')
    await chat.stop.click()
    await page.getByText('This answer was stopped.').waitFor()
    await chat.settle()
    const kept = await chat.textOf(answer)
    expect(kept).not.toBe('')

    await page.reload()
    await chat.open()
    await page.getByText('This answer was stopped.').waitFor()
    expect(await chat.textOf(chat.answers.first())).toBe(kept)
  })

  it('a reload in mid-answer loses nothing of it', async () => {
    await chat.open()
    const undisturbed = await chat.ask('Compare the planets in a table')
    await chat.settle()
    const whole = await chat.textOf(undisturbed)
    await chat.button('New conversation').click()
    await chat.ask('Compare the planets in a table')
    await page.reload()
    await chat.open()
    await expect.poll(() => chat.textOf(chat.answers.first()), { timeout: 20_000 }).toBe(whole)
    await chat.settle()
    expect(await chat.answers.count()).toBe(1)
    expect(complaints).toEqual([])
  })

  it('an answer under way stays so over a reload without a line, and goes on when that is back', async () => {
    await chat.open()
    await chat.ask('Compare the planets in a table')
    await page.route('**/api/**', (route) => route.abort())
    await page.reload()
    await chat.open()
    await page.getByText('Picking the answer up again').first().waitFor()
    await chat.stop.waitFor()
    expect(await chat.button('Ask again').count()).toBe(0)
    await page.unroute('**/api/**')
    await page.evaluate(() => globalThis.dispatchEvent(new Event('online')))
    await chat.settle()
    expect(await chat.textOf(chat.answers.first())).toMatch(/on a small screen\.$/)
    expect(await chat.answers.count()).toBe(1)
    expect(await chat.button('Ask again').count()).toBe(0)
  })

  it('the history is there after a reload, also when the server cannot be reached', async () => {
    await chat.open()
    const answer = await chat.ask('Hello there')
    await chat.settle()
    const whole = await chat.textOf(answer)
    await page.route('**/api/**', (route) => route.abort())
    await page.reload()
    await chat.open()
    await expect.poll(() => chat.textOf(chat.answers.first())).toBe(whole)
    expect(await chat.questions.first().innerText()).toContain('Hello there')
  })

  it('a deleted conversation is gone, also after a reload', async () => {
    await chat.open()
    await chat.ask('Hello there')
    await chat.settle()
    await chat.button('Conversations').click()
    await chat.button(/^Delete “/).click()
    await page.getByText('Your conversations will appear here.').waitFor()
    await page.reload()
    await chat.open()
    expect(await chat.answers.count()).toBe(0)
    await chat.button('Conversations').click()
    await page.getByText('Your conversations will appear here.').waitFor()
  })
})
