import { computed, effectScope, watchEffect } from 'vue'
import { expect, test } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { useChatSnapshot } from './index.js'

test('a ref follows the chat until its scope ends', async () => {
  const platform = createFakePlatform()
  const { fetch } = new ScriptedProxy({ platform, gapMs: 100 })
  const client = createChatClient({ baseUrl: 'https://chat.test', fetch, platform })
  const scope = effectScope()
  const seen: string[] = []
  const snapshot = scope.run(() => {
    const chat = useChatSnapshot(client)
    const last = computed(() => chat.value.messages.at(-1)?.content ?? '')
    watchEffect(() => seen.push(last.value), { flush: 'sync' })
    return chat
  })
  void client.send('Hello')
  await platform.settle()
  expect(seen).toEqual(['', 'You ', 'You said: ', 'You said: Hello'])
  expect(snapshot?.value).toBe(client.getSnapshot())
  scope.stop()
  void client.send('More')
  await platform.settle()
  expect(snapshot?.value.messages).toHaveLength(2)
  client.destroy()
})
