import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createOutbox } from './index.js'

function scene() {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const storage = createMemoryStorage()
  const open = (): ChatClient =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: { outbox: createOutbox({ storage }), history: createHistory({ storage }) },
    })
  return { platform, proxy, storage, open }
}

const texts = (client: ChatClient): string[] => client.getSnapshot().messages.map(({ content }) => content)

describe('the outbox', () => {
  it('sends what was written offline after a reload, in order and once each', async () => {
    const { platform, proxy, storage, open } = scene()
    const before = open()
    platform.setOnline(false)
    for (const text of ['One', 'Two', 'Three']) void before.send(text)
    await platform.advance(1000)
    before.destroy()
    const after = open()
    void after.start()
    await platform.advance(1000)
    expect(
      after
        .getSnapshot()
        .messages.filter(({ role }) => role === 'user')
        .map(({ status }) => status),
    ).toEqual(['queued', 'queued', 'queued'])
    platform.setOnline(true)
    await platform.settle()
    expect(texts(after)).toEqual(['One', 'You said: One', 'Two', 'You said: Two', 'Three', 'You said: Three'])
    expect(proxy.generations).toBe(3)
    expect(await storage.list('outbox')).toEqual([])
  })

  it('does not ask twice when the page died between the send and its answer', async () => {
    const { platform, proxy, open } = scene()
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'lose-answer' } : null)
    const before = open()
    void before.send('Hello')
    await platform.advance(20)
    before.destroy()
    proxy.fault = () => null
    const after = open()
    void after.start()
    await platform.settle()
    expect(texts(after)).toEqual(['Hello', 'You said: Hello'])
    expect(proxy.generations).toBe(1)
  })

  it('forgets a message that was cancelled while it waited', async () => {
    const { platform, proxy, storage, open } = scene()
    const client = open()
    platform.setOnline(false)
    void client.send('Hello')
    await platform.advance(1000)
    void client.stop()
    await platform.settle()
    expect(await storage.list('outbox')).toEqual([])
    platform.setOnline(true)
    await platform.settle()
    expect(proxy.generations).toBe(0)
  })
})
