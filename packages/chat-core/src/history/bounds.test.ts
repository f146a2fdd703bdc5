import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createOutbox } from '../outbox/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { trim } from './bounds.js'
import { createHistory, createMemoryStorage, type ChatStorage, type StorageChange } from './index.js'

const conversation = (id: string, updatedAt: number): StorageChange => ({
  put: 'conversations',
  record: { id, title: id, createdAt: 1, updatedAt },
})

const message = (conversationId: string, position: number): StorageChange => ({
  put: 'messages',
  record: {
    id: `${conversationId}_m${position}`,
    conversationId,
    position,
    role: 'user',
    content: 'Hello',
    status: 'done',
    createdAt: position,
    parentId: position === 1 ? null : `${conversationId}_m${position - 1}`,
    runId: null,
  },
})

const FIVE = ['c_1', 'c_2', 'c_3', 'c_4', 'c_5']

async function kept(storage: ChatStorage): Promise<[conversations: string[], messages: string[]]> {
  const conversations = await storage.list('conversations')
  const messages = await storage.list('messages')
  return [conversations.map(({ id }) => id), messages.map(({ id }) => id)]
}

async function filled(): Promise<ChatStorage> {
  const storage = createMemoryStorage()
  await storage.write(FIVE.flatMap((id, index) => [conversation(id, 100 + index), message(id, 1)]))
  return storage
}

describe('what is kept of history', () => {
  it('is the conversations that were used last, with their messages', async () => {
    const storage = await filled()
    await trim(storage, null, { conversations: 2, messages: 10 })
    expect(await kept(storage)).toEqual([
      ['c_4', 'c_5'],
      ['c_4_m1', 'c_5_m1'],
    ])
  })

  it('is everything while it is not too much', async () => {
    const storage = await filled()
    await trim(storage, null, { conversations: 5, messages: 1 })
    expect((await kept(storage))[0]).toEqual(FIVE)
  })

  it('is bounded by a client that is told so, but for what is open and what is unsent', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform })
    const storage = createMemoryStorage()
    const open = () =>
      createChatClient({
        baseUrl: 'https://chat.test',
        fetch: proxy.fetch,
        platform,
        parts: {
          history: createHistory({ storage, bounds: { conversations: 1, messages: 4 } }),
          outbox: createOutbox({ storage }),
        },
      })
    const client = open()
    for (const text of ['One', 'Two', 'Three']) {
      void client.send(text)
      await platform.advance(60_000)
    }
    const first = client.getSnapshot().conversationId ?? ''
    client.newConversation()
    platform.setOnline(false)
    void client.send('Unsent')
    await platform.settle()
    const second = client.getSnapshot().conversationId ?? ''
    client.newConversation()
    await storage.write([conversation('c_old', 1), message('c_old', 1)])
    await client.history.open(first)

    const [conversations] = await kept(storage)
    expect(conversations.toSorted()).toEqual([first, second].toSorted())
    const texts = (await storage.messagesOf(first)).map(({ role, content }) => role === 'user' && content)
    expect(texts.filter(Boolean)).toEqual(['Two', 'Three'])
    expect((await storage.list('outbox')).map(({ question }) => question.content)).toEqual(['Unsent'])
  })
})
