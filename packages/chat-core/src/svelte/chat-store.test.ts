import { derived, get } from 'svelte/store'
import { expect, test } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { chatStore } from './index.js'

test('Svelte takes the chat for a store, and lets go of it when nobody looks', async () => {
  const platform = createFakePlatform()
  const { fetch } = new ScriptedProxy({ platform, gapMs: 100 })
  const client = createChatClient({ baseUrl: 'https://chat.test', fetch, platform })
  const chat = chatStore(client)
  const last = derived(chat, ({ messages }) => messages.at(-1)?.content ?? '')
  const seen: string[] = []
  const unsubscribe = last.subscribe((content) => seen.push(content))
  void client.send('Hello')
  await platform.settle()
  expect(seen).toEqual(['', 'You ', 'You said: ', 'You said: Hello'])
  expect(get(chat)).toBe(client.getSnapshot())
  unsubscribe()
  void client.send('More')
  await platform.settle()
  expect(seen).toHaveLength(4)
  client.destroy()
})
