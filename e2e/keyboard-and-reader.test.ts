import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()
let page: Page
let chat: Chat

beforeEach(async () => {
  page = await stage.browser.newPage({ viewport: { width: 320, height: 720 } })
  chat = new Chat(page)
  await page.goto(stage.site.url)
})

afterEach(() => page.close())

/** What has the focus, by role and name as assistive technology hears it, beyond shadow roots. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? ''
  })

const press = (...keys: string[]): Promise<void> =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())

/** Tab by Tab, as far as it takes. */
async function tabTo(name: string | RegExp, most = 40): Promise<void> {
  for (let step = 0; step < most; step += 1) {
    const at = await focused()
    if (typeof name === 'string' ? at === name : name.test(at)) return
    await press('Tab')
  }
  throw new Error(`Tab never came to ${name}.`)
}

it('the panel takes the whole screen of a phone, also of one that lies on its side', async () => {
  await chat.open()
  for (const viewport of [
    { width: 360, height: 640 },
    { width: 640, height: 360 },
  ]) {
    await page.setViewportSize(viewport)
    await expect.poll(() => page.getByRole('dialog').boundingBox()).toEqual({ x: 0, y: 0, ...viewport })
  }
})

describe('without a mouse, on a screen of 320 px', () => {
  it('a question is asked, its answer stopped and asked anew, and the way back is where one came from', async () => {
    await tabTo(/^(Chat|Open chat)$/)
    await expect.poll(focused).toBe('Open chat')
    await press('Enter')
    await chat.question.waitFor()
    await expect.poll(focused).toBe('Message')

    await page.keyboard.type('First line')
    await press('Shift+Enter')
    await page.keyboard.type('Compare the planets in a table')
    await press('Enter')
    await chat.questions.filter({ hasText: 'Compare the planets' }).waitFor()
    expect(await chat.questions.innerText()).toMatch(/First line\s*\n\s*Compare/)
    await chat.stop.waitFor()
    await tabTo('Stop answering')
    await press('Enter')
    await page.getByText('This answer was stopped.').waitFor()

    await expect.poll(focused).toBe('Message')
    await tabTo('Ask again')
    await press('Enter')
    await chat.stop.waitFor()
    // The button is gone with the answer that it stood at; the focus is not.
    await expect.poll(focused).toBe('Message')
    await chat.settle()

    await tabTo('Messages')
    await press('/')
    await expect.poll(focused).toBe('Message')
    await press('Escape')
    await expect.poll(focused).toBe('Open chat')
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  it('conversations are gone through with arrows, and Escape goes one step back at a time', async () => {
    await chat.open()
    for (const text of ['About apples', 'About pears']) {
      await chat.ask(text)
      await chat.settle()
      await chat.button('New conversation').first().click()
    }
    await tabTo('Conversations')
    await press('Enter')
    await chat
      .button(/About apples/)
      .first()
      .waitFor()
    await tabTo('Search conversations')
    await press('ArrowDown')
    await expect.poll(focused).toMatch(/About pears/)
    await press('ArrowDown')
    await expect.poll(focused).toMatch(/About apples/)
    await press('Enter')
    await chat.questions.filter({ hasText: 'About apples' }).waitFor()
    await tabTo('Conversations')
    await press('Enter', 'Escape')
    await chat.question.waitFor()
    expect(await page.locator('dialog[open]').count()).toBe(1)
    await press('Escape')
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
  })
})

describe('to a screen reader', () => {
  it('the chat is a dialog of messages with names, and an answer is said once, when it has ended', async () => {
    await page.evaluate(() => {
      // What each live region said, one after the other.
      const said: string[] = []
      Object.assign(globalThis, { said })
      const last = new Map<Element, string>()
      const watched = new WeakSet<Node>()
      const hear = (region: Element): void => {
        const words = region.textContent.trim()
        if (words && last.get(region) !== words) said.push(words)
        last.set(region, words)
      }
      const watch = (root: ShadowRoot | Document): void => {
        if (watched.has(root)) return
        watched.add(root)
        new MutationObserver(() => {
          for (const region of root.querySelectorAll('[aria-live],[role=status],[role=alert]')) hear(region)
          for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch(element.shadowRoot)
        }).observe(root, { childList: true, subtree: true, characterData: true })
        for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch(element.shadowRoot)
      }
      watch(document)
    })
    await chat.open()
    await chat.ask('Hello there')
    await chat.settle()
    const tree = await page.getByRole('dialog').ariaSnapshot()
    expect(tree).toMatch(/- dialog "Chat"/)
    expect(tree).toMatch(/- article "You"[^]*Hello there[^]*- article "Assistant"/)
    for (const name of ['Conversations', 'New conversation', 'Close chat', 'Send', 'Good answer'])
      expect(tree).toContain(`button "${name}"`)
    expect(tree).toContain('textbox "Message"')
    // No button and no link without a name.
    expect(tree).not.toMatch(/- (button|link)(:|$)/m)

    // The type is what was put there above.
    const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
    const answer = await chat.textOf(chat.answers.first())
    const told = said.filter((text) => text.replace(/\s+/g, ' ').includes(answer.slice(0, 12)))
    expect(told).toHaveLength(1)
    expect(said.length).toBeLessThan(6)
  })
})

describe('without a line', () => {
  it('a question waits, also over a reload, and is answered once when the line is back', async () => {
    await chat.open()
    await chat.ask('Hello there')
    await chat.settle()
    await page.context().setOffline(true)
    await chat.question.fill('Is anybody there?')
    await chat.question.press('Enter')
    await page.getByText('Will be sent when you are back online').waitFor()
    await page.getByText('You are offline. Your messages wait until the connection is back.').waitFor()
    await page.context().setOffline(false)
    await page.route('**/api/**', (route) => route.abort('internetdisconnected'))
    await page.reload()
    await chat.open()
    await chat.questions.filter({ hasText: 'Is anybody there?' }).waitFor()
    await page.unroute('**/api/**')
    await page.reload()
    await chat.open()
    await expect.poll(() => chat.answers.count(), { timeout: 20_000 }).toBe(2)
    await chat.settle()
    await expect.poll(() => chat.textOf(chat.answers.nth(1))).not.toBe('')
    expect(await chat.questions.count()).toBe(2)
  })
})
