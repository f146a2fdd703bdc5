import { describe, expect, it } from 'vitest'
import type { ChatClient, RunOutcome } from '../chat-client/chat-client.js'
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
    void client.versions.edit(question, 'Goodbye \udc4d')
    await platform.settle()
    expect(texts(client)).toEqual(['Goodbye \ufffd', 'Goodbye \ufffd #2'])
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

  it('are asked for again when one was stopped before it got to the server', async () => {
    const { client, platform, proxy } = await afterOneExchange()
    platform.setOnline(false)
    void client.versions.regenerate(idAt(client, 1))
    await platform.advance(100)
    void client.stop()
    await platform.advance(100)
    expect(client.getSnapshot().messages.map(({ status }) => status)).toEqual(['sent', 'stopped'])
    platform.setOnline(true)
    const outcome = client.versions.regenerate(idAt(client, 1))
    await platform.settle()
    expect((await outcome).status).toBe('done')
    expect(proxy.generations).toBe(2)
  })

  it.each<[string, string, (client: Client) => Promise<RunOutcome>]>([
    ['a regeneration', 'Never sent', (client) => client.versions.regenerate(idAt(client, 3))],
    ['an edit', 'In other words', (client) => client.versions.edit(idAt(client, 2), 'In other words')],
  ])('know what the server has after a send, a stop and %s in one tick', async (_name, said, ask) => {
    const { client, platform } = await afterOneExchange()
    void client.send('Never sent')
    void client.stop()
    const outcome = ask(client)
    await platform.settle()
    expect((await outcome).status).toBe('done')
    expect(texts(client).slice(2)).toEqual([said, `${said} #2`])
  })
})
