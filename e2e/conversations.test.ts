import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { startSite } from './support/server-process.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()
let context: BrowserContext
let page: Page
let chat: Chat

beforeEach(async () => {
  context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
  chat = new Chat(page)
  await page.goto(stage.site.url)
  await chat.open()
})

afterEach(() => context.close())

async function answered(text: string): Promise<void> {
  await chat.ask(text)
  await chat.settle()
}

describe('a conversation', () => {
  it('keeps every version of its questions and answers, also over a reload', async () => {
    await answered('Hello there')
    await chat.button('Answer again').click()
    await page.getByText('2/2').waitFor()
    await chat.settle()
    await chat.questions.first().hover()
    await chat.button('Edit message').click()
    const editor = page.getByRole('textbox', { name: 'Edit message' })
    await editor.fill('What are your features?')
    await editor.press('Enter')
    await chat.settle()
    await page.reload()
    await chat.open()
    const question = chat.questions.first()
    await expect.poll(() => question.innerText()).toContain('What are your features?')
    await question.getByRole('button', { name: 'Previous version' }).click()
    await expect.poll(() => chat.questions.first().innerText()).toContain('Hello there')
    await chat.answers.first().getByText('2/2').waitFor()
  })

  it('keeps what its reader thinks of an answer', async () => {
    await answered('Hello there')
    await chat.button('Bad answer').click()
    await page.getByRole('textbox', { name: /What was wrong/ }).fill('Too friendly')
    await chat.answers.first().getByRole('button', { name: 'Send' }).click()
    await page.getByText('Thank you.').waitFor()
    await page.reload()
    await chat.open()
    await expect.poll(() => chat.button('Bad answer').getAttribute('aria-pressed')).toBe('true')
  })

  it('is found by what was said, renamed, deleted, and brought back', async () => {
    await answered('Hello there')
    await chat.button('Conversations').click()
    await chat.button(/^Rename “/).click()
    await page.getByRole('textbox', { name: 'Title' }).fill('Greetings')
    await page.getByRole('textbox', { name: 'Title' }).press('Enter')
    await page.getByRole('searchbox').fill('hello')
    const row = page.getByRole('button', { name: /^Greetings/ })
    await row.waitFor()
    await row.press('Delete')
    await page.getByText('Nothing found.').first().waitFor()
    await chat.button('Undo').click()
    await row.waitFor()
    await page.reload()
    await chat.open()
    await expect.poll(() => chat.questions.first().innerText()).toContain('Hello there')
  })

  it('tells of a limit with a clock that runs down, and keeps what is written', async () => {
    const strict = await startSite({ MESSAGES_PER_MINUTE: '1' })
    try {
      await page.goto(strict.url)
      await chat.open()
      await answered('Hello')
      await chat.question.fill('One more')
      await chat.question.press('Enter')
      await page.getByText('That was a lot at once.', { exact: true }).waitFor()
      await chat.question.fill('And another')
      const clock = page.getByRole('timer')
      const before = await clock.innerText()
      expect(before).toMatch(/^You can ask again in 0:\d\d\.$/)
      await expect.poll(async () => (await clock.innerText()) < before).toBe(true)
      expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
      expect(await chat.button('Ask again').isDisabled()).toBe(true)
      expect(await chat.question.inputValue()).toBe('And another')
    } finally {
      await strict.dispose()
    }
  })

  it('keeps a draft over a reload', async () => {
    await chat.question.fill('Half a thought')
    await page.reload()
    await chat.open()
    expect(await chat.question.inputValue()).toBe('Half a thought')
  })
})
