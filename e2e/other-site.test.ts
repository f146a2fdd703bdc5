import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { Chat } from './support/chat.ts'
import { servePlainPage } from './support/plain-page.ts'
import { startSite, type Site } from './support/server-process.ts'

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launchBrowser()
  site = await startSite()
})

afterAll(async () => {
  await browser?.close()
  await site?.dispose()
})

it('a page of another origin holds the chat as an element, in the place where it is written', async () => {
  const other = await servePlainPage(site.url)
  const page = await browser.newPage()
  try {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
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
