import type { BrowserContext, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()

it('history that a site seals is there after a reload, and nobody reads it from the disk', async () => {
  const context = await stage.browser.newContext()
  const first = await openPage(context)
  await first.ask('Where is my planted-secret parcel?')
  await first.settle()
  const kept = await everythingKept(first.page)
  expect(kept).toMatch(/sealed/)
  expect(kept).not.toMatch(/planted-secret|parcel/)
  await first.page.getByRole('textbox').fill('A planted-secret draft')
  await first.page.getByRole('button', { name: 'Send', disabled: false }).waitFor()
  expect(await first.page.evaluate(() => JSON.stringify(sessionStorage))).not.toMatch(/planted-secret/)
  await first.page.close()

  const again = await openPage(context)
  await again.questions.filter({ hasText: 'planted-secret' }).waitFor()
  await context.close()
})

/** A page whose site has a key for this person, the same one each time. */
async function openPage(context: BrowserContext): Promise<Chat> {
  const page = await context.newPage()
  await page.goto(`${stage.site.url}/examples/shop/`)
  await page.evaluate(async () => {
    const raw = new Uint8Array(32).fill(7)
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
    Object.assign(document.querySelector('chat-widget') ?? {}, { historyKey: key })
  })
  const chat = new Chat(page)
  await chat.open()
  return chat
}

/** All of the browser's databases as text, bytes among it. */
const everythingKept = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error ?? new Error('no database')))
      })
    const asText = (_key: string, value: unknown): unknown => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
        return new TextDecoder('latin1').decode(value)
      return value
    }
    const texts: string[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        texts.push(
          name,
          JSON.stringify(await settled(database.transaction(store).objectStore(store).getAll()), asText),
        )
      }
      database.close()
    }
    return texts.join('\n')
  })
