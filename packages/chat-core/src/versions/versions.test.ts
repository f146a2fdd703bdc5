import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createVersions, type Versions } from './index.js'

type Client = ChatClient & { readonly versions: Versions }

async function afterOneExchange() {
  const platform = createFakePlatform()
  let count = 0
  const proxy = new ScriptedProxy({ platform, words: (question) => [`${question} `, `#${(count += 1)}`] })
  const storage = createMemoryStorage()
  const open = (): Client =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: { history: createHistory({ storage }), versions: createVersions() },
    })
  const client = open()
  void client.send('Hello')
  await platform.settle()
  return { platform, proxy, client, open }
}

const texts = (client: ChatClient): string[] => client.getSnapshot().messages.map(({ content }) => content)
const idAt = (client: ChatClient, index: number): string => client.getSnapshot().messages[index]?.id ?? ''

describe('versions', () => {
  it('keep the older answer beside a regenerated one', async () => {
    const { client, platform } = await afterOneExchange()
    const first = idAt(client, 1)
    void client.versions.regenerate(first)
    await platform.settle()
    expect(texts(client)).toEqual(['Hello', 'Hello #2'])
    expect(client.versions.of(idAt(client, 1))).toEqual([first, idAt(client, 1)])
    client.versions.select(first)
    expect(texts(client)).toEqual(['Hello', 'Hello #1'])
  })

  it('keep the older branch beside an edited question', async () => {
    const { client, platform } = await afterOneExchange()
    const question = idAt(client, 0)
    void client.versions.edit(question, 'Goodbye')
    await platform.settle()
    expect(texts(client)).toEqual(['Goodbye', 'Goodbye #2'])
    client.versions.select(question)
    expect(texts(client)).toEqual(['Hello', 'Hello #1'])
  })

  it('let the next question follow the version that is open', async () => {
    const { client, platform, proxy } = await afterOneExchange()
    const first = idAt(client, 1)
    void client.versions.regenerate(first)
    await platform.settle()
    client.versions.select(first)
    void client.send('More')
    await platform.settle()
    expect(texts(client)).toEqual(['Hello', 'Hello #1', 'More', 'More #3'])
    const stored = [...proxy.conversations.values()][0]
    expect(stored?.find(({ content }) => content === 'More')?.parent_id).toBe(first)
  })

  it('survive a reload', async () => {
    const { client, platform, open } = await afterOneExchange()
    const first = idAt(client, 1)
    void client.versions.regenerate(first)
    await platform.settle()
    client.destroy()
    const again = open()
    void again.start()
    await platform.settle()
    expect(texts(again)).toEqual(['Hello', 'Hello #2'])
    expect(again.versions.of(idAt(again, 1))[0]).toBe(first)
  })
})
