import { describe, expect, it } from 'vitest'
import { createDirectTransport } from '../direct/index.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createOutbox } from '../outbox/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import type { Part, Parts } from './part.js'
import { createChatClient } from './create-chat-client.js'

function scene() {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const open = <P extends Parts>(parts: P) =>
    createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform, parts })
  return { platform, proxy, open }
}

/** Writes down which moments it hears of. */
const diary =
  (): Part<{ readonly lines: string[] }> =>
  ({ hooks }) => {
    const lines: string[] = []
    hooks.push({
      restore: async () => void lines.push('restore'),
      restored: async () => void lines.push('restored'),
      caughtUp: async () => void lines.push('caught up'),
      sessionChanged: ({ visitor_id }) => lines.push(`session of ${visitor_id}`),
      opened: (conversation) => lines.push(conversation ? 'opened' : 'closed'),
      asked: (_conversation, { body }) => void lines.push(`asked ${body?.content}`),
      around: async (_conversation, _turn, drive) => {
        lines.push('driving')
        await drive()
        lines.push('driven')
      },
      arrived: () => lines.push('arrived'),
      stopping: () => lines.push('stopping'),
      ended: async (_conversation, { progress }) => void lines.push(`ended ${progress.end?.status}`),
      forgotten: async (told) => void lines.push(`${told} forgotten`),
    })
    return { lines }
  }

describe('parts of a client', () => {
  it('are there under their names, and only those that were given', () => {
    const { open } = scene()
    const client = open({ past: createHistory() })
    expect(client.past.list).toBeTypeOf('function')
    // @ts-expect-error a part that was not given is no property of the client
    expect(client.history).toBeUndefined()
  })

  it('never take the place of what the client itself does', () => {
    const { open } = scene()
    const client = open({ send: () => ({ surprise: true }) })
    expect(client.send).toBeTypeOf('function')
  })

  it('hear of the moments of a life in their order', async () => {
    const { open, platform } = scene()
    const client = open({ diary: diary() })
    void client.start()
    await platform.settle()
    void client.send('Hello')
    await platform.settle()
    void client.signOut()
    await platform.settle()
    expect(client.diary.lines).toEqual([
      'restore',
      'restored',
      'caught up',
      'session of v_1',
      'opened',
      'asked Hello',
      'driving',
      'arrived',
      'driven',
      'ended completed',
      'stopping',
      'closed',
      'v_1 forgotten',
    ])
  })

  it('may keep a turn waiting until they have what they need', async () => {
    const { open, platform, proxy } = scene()
    let answer = (): void => {}
    const slow: Part<void> = ({ hooks }) => {
      hooks.push({ asked: () => new Promise((resolve) => (answer = resolve)) })
    }
    const client = open({ slow })
    void client.send('Hello')
    await platform.settle()
    expect(proxy.generations).toBe(0)
    answer()
    await platform.settle()
    expect(proxy.generations).toBe(1)
  })

  it('may fail at a question: it is asked all the same, and so is the next', async () => {
    const { open, platform, proxy } = scene()
    const broken: Part<void> = ({ hooks }) => {
      hooks.push({ asked: () => Promise.reject(new Error('from a part')) })
    }
    const client = open({ broken })
    const outcomes = [client.send('One'), client.send('Two')]
    await platform.settle()
    expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual(['done', 'done'])
    expect(proxy.generations).toBe(2)
  })

  it('are not needed: without them a page that is reloaded begins anew', async () => {
    const { open, platform } = scene()
    const client = open({})
    const outcome = client.send('Hello')
    await platform.settle()
    expect((await outcome).status).toBe('done')
    client.destroy()
    const again = open({})
    void again.start()
    await platform.settle()
    expect(again.getSnapshot()).toMatchObject({ messages: [], conversationId: null, error: null })
  })

  it('need not know each other: an outbox sends after a reload without a history', async () => {
    const { open, platform, proxy } = scene()
    const storage = createMemoryStorage()
    const before = open({ outbox: createOutbox({ storage }) })
    platform.setOnline(false)
    void before.send('Hello')
    await platform.advance(1000)
    before.destroy()
    const after = open({ outbox: createOutbox({ storage }) })
    platform.setOnline(true)
    void after.start()
    await platform.settle()
    expect([...proxy.runs.values()].map(({ content }) => content)).toEqual(['You said: Hello'])
    expect(await storage.list('outbox')).toEqual([])
  })

  it('do what can be done where nobody keeps conversations', async () => {
    const platform = createFakePlatform()
    const transport = createDirectTransport({ baseUrl: 'https://model.test/v1', model: 'small', platform })
    const client = createChatClient({ transport, platform, parts: { history: createHistory() } })
    await client.history.list()
    await client.history.open('c_local1')
    await client.history.remove('c_local1')
    expect(client.getSnapshot()).toMatchObject({ conversations: [], conversationId: null, error: null })
  })
})
