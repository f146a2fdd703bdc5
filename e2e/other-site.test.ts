import { expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { servePlainPage } from './support/plain-page.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()

it('a page of another origin holds the chat as an element, in the place where it is written', async () => {
  const other = await servePlainPage(stage.site.url)
  const page = await stage.browser.newPage()
  try {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
    })
    await page.goto(other.url)
    const chat = new Chat(page)
    await page.getByText('Ask us anything').waitFor()
    await chat.ask('Hello there')
    await chat.settle()
    expect(await page.locator('chat-widget').count()).toBe(1)
    expect((await page.locator('chat-widget').boundingBox())?.height).toBe(512)
    expect(complaints).toEqual([])
  } finally {
    await page.close()
    await other.close()
  }
})
