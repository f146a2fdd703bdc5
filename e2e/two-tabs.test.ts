import type { BrowserContext } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()
let context: BrowserContext

describe('two tabs of one browser', () => {
  let first: Chat
  let second: Chat
  beforeEach(async () => {
    context = await stage.browser.newContext()
    first = await openTab()
    // Thanks are answered in a few words.
    await first.ask('Thanks')
    await first.settle()
    second = await openTab()
    await second.questions.first().waitFor()
  })
  afterEach(() => context.close())

  it('that ask at once show both questions, answered one after the other, in one order', async () => {
    await Promise.all([first.question.fill('My thanks'), second.question.fill('Your thanks')])
    await Promise.all([first.question.press('Enter'), second.question.press('Enter')])
    // Where news of the other came before the key, an answer was under way, and what is written waited for its end.
    for (const chat of [first, second]) {
      await chat.settle()
      if ((await chat.question.inputValue()) !== '') await chat.question.press('Enter')
    }
    for (const { answers } of [first, second]) await answers.nth(2).waitFor()
    for (const chat of [first, second]) await chat.settle()
    const said = await Promise.all([first, second].map(({ questions }) => questions.allInnerTexts()))
    expect(said[0]).toHaveLength(3)
    expect(said[0]?.join()).toMatch(/My thanks/)
    expect(said[0]?.join()).toMatch(/Your thanks/)
    expect(said[1]).toEqual(said[0])
    expect(await textsOf(second)).toEqual(await textsOf(first))
  })

  it('share one answer, and when the tab that reads it is closed, the other reads on to the end', async () => {
    await first.ask('What can you do?')
    await second.answers.nth(1).waitFor()
    await first.page.close()
    await second.settle()
    expect(await second.textOf(second.answers.nth(1))).toMatch(/What I can do.*streamed word by word/)
  })
})

async function openTab(): Promise<Chat> {
  const page = await context.newPage()
  await page.goto(stage.site.url)
  const chat = new Chat(page)
  await chat.open()
  return chat
}

async function textsOf(chat: Chat): Promise<readonly string[]> {
  const answers = await chat.answers.all()
  return Promise.all(answers.map((answer) => chat.textOf(answer)))
}
