import { expect, test } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createDurableTransport } from './index.js'

// What it reads, and how it reads on, is tried on a real proxy, with the AI SDK's own chat on top of it.

test('a page that is loaded again looks for its answer as the visitor of the page before', async () => {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const storage = createMemoryStorage()
  const { fetch } = proxy
  const open = () => {
    const parts = { history: createHistory({ storage }), aiSdk: createDurableTransport({ fetch }) }
    return createChatClient({ baseUrl: 'https://chat.test', fetch, platform, parts })
  }
  const before = open()
  void before.start()
  await platform.settle()
  before.destroy()
  proxy.requests.length = 0
  proxy.fault = (request) => (request.startsWith('GET /ui/chat') ? { kind: 'status', status: 204 } : null)

  const client = open()
  void client.start()
  const found = client.aiSdk.reconnectToStream({ chatId: 'chat_00001' })
  await platform.settle()
  expect(await found).toBeNull()
  expect(proxy.requests).toContain('GET /ui/chat/chat_00001/stream')
  expect(proxy.requests, 'its session is the restored one').not.toContain('POST /chat/start')
  client.destroy()
})
