import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy, type ScriptedProxyOptions } from '../testing/scripted-proxy.js'
import { createHistory, createMemoryStorage, lastConversation } from './index.js'

function scene(script: Partial<ScriptedProxyOptions> = {}) {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, ...script })
  const storage = createMemoryStorage()
  /** How many broken records were found, each time. */
  const broken: number[] = []
  const open = (kept = storage) =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: {
        history: createHistory({ storage: kept, onBrokenRecords: (count) => void broken.push(count) }),
      },
    })
  const starts = (): number => proxy.requests.filter((request) => request === 'POST /chat/start').length
  return { platform, proxy, storage, open, starts, broken }
}

describe('history', () => {
  it('keeps the session over a reload, so that a visitor stays the same', async () => {
    const { platform, open, starts } = scene()
    void open().start()
    await platform.settle()
    const again = open()
    void again.start()
    await platform.settle()
    expect(again.getSnapshot().session?.visitorId).toBe('v_1')
    expect(starts()).toBe(1)
  })

  it('asks in the conversation that was open, however fast somebody types after a reload', async () => {
    const { platform, proxy, open } = scene()
    void open().send('Hello')
    await platform.settle()
    const again = open()
    void again.start()
    void again.send('And more')
    await platform.settle()
    expect(proxy.conversations.size).toBe(1)
    const words = again.getSnapshot().messages.map(({ content }) => content)
    expect(words).toEqual(['Hello', 'You said: Hello', 'And more', 'You said: And more'])
  })

  it('does not look on the server for a conversation that this page has just begun', async () => {
    const { platform, proxy, open } = scene()
    const client = open()
    void client.send('Hello')
    void client.start()
    await platform.settle()
    expect(client.getSnapshot().messages).toHaveLength(2)
    expect(proxy.requests.filter((request) => request.startsWith('GET /conversations/'))).toEqual([])
  })

  it('stops what was asked just before, also while the earlier page is being taken up', async () => {
    const { platform, proxy, open } = scene({ gapMs: 1000 })
    const client = open()
    void client.start()
    void client.send('Hello')
    void client.stop()
    await platform.settle()
    expect(client.getSnapshot().messages.map(({ status }) => status)).toEqual(['stopped', 'stopped'])
    expect(proxy.generations).toBe(0)
  })

  it('shows an answer as under way after a reload without a line, and reads it on when the line is back', async () => {
    const { platform, proxy, open } = scene({ gapMs: 100 })
    const first = open()
    void first.send('Hello')
    await platform.advance(150)
    expect(first.getSnapshot().messages[1]).toMatchObject({ status: 'streaming', content: 'You ' })
    first.destroy()
    platform.setOnline(false)
    const again = open()
    const seen = new Set<string>()
    again.subscribe(() => {
      for (const { status } of again.getSnapshot().messages) seen.add(status)
    })
    void again.start()
    await platform.advance(3_600_000)
    expect(again.getSnapshot()).toMatchObject({ phase: 'reconnecting', online: false })
    expect(seen).toEqual(new Set(['sent', 'streaming']))
    platform.setOnline(true)
    await platform.settle()
    expect(again.getSnapshot()).toMatchObject({ phase: 'idle', online: true, error: null })
    expect(again.getSnapshot().messages[1]).toMatchObject({ status: 'done', content: 'You said: Hello' })
    expect(seen).not.toContain('failed')
    expect(proxy.generations).toBe(1)
  })

  it('shows what another device wrote when the server is there again, also where it was away at the start', async () => {
    const { platform, proxy, open } = scene()
    const other = open()
    void other.send('Hello')
    await platform.settle()
    proxy.fault = () => ({ kind: 'refuse' })
    const client = open()
    void client.start()
    await platform.settle()
    expect(client.getSnapshot().error).not.toBeNull()
    proxy.fault = () => null
    void other.send('From elsewhere')
    await platform.settle()
    expect(client.getSnapshot().messages).toHaveLength(2)
    const asked = proxy.requests.length
    platform.wake('visible')
    await platform.settle()
    expect(client.getSnapshot()).toMatchObject({ error: null, messages: { length: 4 } })
    expect(client.getSnapshot().messages[2]).toMatchObject({ content: 'From elsewhere' })
    platform.wake('visible')
    await platform.settle()
    expect(proxy.requests).toHaveLength(asked + 1)
  })

  it('lets go of a conversation that another device deleted, but not of a question that never arrived', async () => {
    const { platform, proxy, storage, open } = scene()
    const client = open()
    void client.send('Hello')
    await platform.settle()
    const gone = client.getSnapshot().conversationId ?? ''
    client.newConversation()
    void client.send('And this')
    await platform.settle()
    const left = client.getSnapshot().conversationId
    proxy.fault = () => ({ kind: 'refuse' })
    void client.send('Not arrived')
    await platform.settle()
    client.destroy()
    proxy.fault = () => null
    proxy.conversations.clear()
    const again = open()
    void again.start()
    await platform.settle()
    await again.history.open(gone)
    await platform.settle()
    expect(again.getSnapshot().conversations).toMatchObject([{ id: left }])
    const kept = (await storage.list('messages')).map(({ content }) => content)
    expect(kept).toEqual(expect.arrayContaining(['And this', 'Not arrived']))
    expect(kept).not.toContain('Hello')
  })

  it('lets an answer be stopped that an earlier page left, before the server has said anything', async () => {
    const { platform, proxy, open } = scene({ gapMs: 1000 })
    const first = open()
    void first.send('Hello')
    await platform.advance(150)
    first.destroy()
    platform.setOnline(false)
    const again = open()
    void again.start()
    await platform.advance(100)
    void again.stop()
    await platform.advance(100)
    platform.setOnline(true)
    await platform.settle()
    expect(again.getSnapshot().messages[1]).toMatchObject({ status: 'stopped' })
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['stopped'])
  })

  it('tells what was open last from storage alone, each message as it was', async () => {
    const { platform, storage, open } = scene()
    expect(await lastConversation(storage)).toBe(null)
    const client = open()
    void client.send('Hello')
    await platform.settle()
    const { conversationId, messages } = client.getSnapshot()
    expect(await lastConversation(storage)).toEqual({ conversationId, messages })
    platform.setOnline(false)
    void client.send('Are you there?')
    await platform.settle()
    const last = await lastConversation(storage)
    expect(last?.messages.map(({ content, status }) => [content, status]).slice(2)).toEqual([
      ['Are you there?', 'queued'],
      ['', 'sending'],
    ])
    await storage.write([{ put: 'meta', record: { id: 'open', value: 12 } }])
    expect(await lastConversation(storage)).toBe(null)
  })

  it('asks the server for no conversation whose id is none, whatever lies in storage', async () => {
    const { platform, proxy, storage, open } = scene()
    await storage.write([{ put: 'meta', record: { id: 'open', value: '../../etc' } }])
    const client = open()
    void client.start()
    await platform.settle()
    expect(proxy.requests).toEqual(['POST /chat/start'])
    expect(client.getSnapshot()).toMatchObject({ conversationId: null, error: null })
  })

  it('fetches older messages, a hundred at a time, until it has all of them in their order', async () => {
    const { platform, open } = scene({ words: (text) => [`to ${text}`], gapMs: 1 })
    const first = open()
    for (let turn = 0; turn < 120; turn += 1) {
      void first.send(`question ${turn}`)
      await platform.settle()
    }
    const { conversationId, messages } = first.getSnapshot()
    const all = messages.map(({ id }) => id)
    expect(all).toHaveLength(240)
    const second = open(createMemoryStorage())
    void second.history.open(conversationId ?? '')
    await platform.settle()
    const shown = (): string[] => second.getSnapshot().messages.map(({ id }) => id)
    expect(shown()).toEqual(all.slice(-100))
    for (const count of [200, 240, 240]) {
      void second.history.older()
      await platform.settle()
      expect(shown()).toEqual(all.slice(-count))
    }
  })

  it('drops what is no record, and says so', async () => {
    const { platform, storage, open, broken } = scene()
    const client = open()
    void client.send('Hello')
    await platform.settle()
    const id = client.getSnapshot().conversationId ?? ''
    const [good] = await storage.messagesOf(id)
    if (!good) throw new Error('nothing was kept')
    const nonsense = { ...good, id: 'm_x', position: 5, content: 7 as unknown as string }
    const untitled = { id: 'c_x', title: null as unknown as string, createdAt: 1, updatedAt: 2 }
    await storage.write([
      { put: 'messages', record: nonsense },
      { put: 'messages', record: { ...good, id: 'm_y', position: 6, status: 'dancing' as 'sent' } },
      { put: 'conversations', record: untitled },
    ])
    client.destroy()
    expect((await lastConversation(storage))?.messages.map(({ content }) => content)).toEqual([
      'Hello',
      'You said: Hello',
    ])
    const again = open()
    void again.start()
    await platform.settle()
    const { messages, conversations } = again.getSnapshot()
    expect(messages.map(({ content }) => content)).toEqual(['Hello', 'You said: Hello'])
    expect(conversations.map((one) => one.id)).toEqual([id])
    expect(new Set(broken)).toEqual(new Set([1, 2]))
    expect([(await storage.messagesOf(id)).length, (await storage.list('conversations')).length]).toEqual([
      2, 1,
    ])
  })

  it('renews a token that the server does not take any more, which a clock that is slow cannot tell', async () => {
    const { platform, proxy, open, starts } = scene()
    const client = open()
    void client.send('Hello')
    await platform.settle()
    let refusals = 1
    proxy.fault = (request) => {
      const isRefused = request.startsWith('GET /conversations') && refusals > 0
      if (isRefused) refusals -= 1
      return isRefused ? { kind: 'status', status: 401 } : null
    }
    void client.history.list()
    await platform.settle()
    expect([client.getSnapshot().error, client.getSnapshot().conversations.length, starts()]).toEqual([
      null,
      1,
      2,
    ])
  })

  it('reads on every answer that is under way, also those that other devices asked for', async () => {
    const { platform, proxy, open } = scene({ gapMs: 1000 })
    const here = open()
    void here.send('Hello')
    await platform.settle()
    const id = here.getSnapshot().conversationId ?? ''
    const devices = ['One', 'Two'].map((text) => ({ text, client: open(createMemoryStorage()) }))
    for (const { client } of devices) void client.history.open(id)
    await platform.advance(100)
    for (const { client, text } of devices) void client.send(text)
    await platform.advance(10)
    for (const { client } of devices) client.destroy()
    void here.history.open(id)
    await platform.advance(100)
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['completed', 'queued', 'queued'])
    void here.stop()
    await platform.settle()
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['completed', 'stopped', 'stopped'])
    expect(here.getSnapshot().messages.map(({ status }) => status)).not.toContain('sending')
  })

  const strange = { token: 't', expires_at: '', visitor_id: 'v_9', features: {}, limits: null }
  it.each([{ token: 7 }, strange, null])('ignores nonsense in storage: %o', async (session) => {
    const { platform, storage, open, starts } = scene()
    await storage.write([
      { put: 'meta', record: { id: 'session', value: session } },
      { put: 'meta', record: { id: 'rung:https://chat.test', value: { rung: 'carrier pigeon' } } },
      { put: 'meta', record: { id: 'open', value: 12 } },
    ])
    const client = open()
    const outcome = client.start().then(() => client.send('Hello'))
    await platform.settle()
    expect((await outcome).status).toBe('done')
    expect(starts()).toBe(1)
  })

  it('remembers for an hour which way of reading gets through, also over a reload', async () => {
    const { platform, proxy, open } = scene()
    proxy.fault = () => ({ kind: 'stall', at: 0 })
    void open().send('Hello')
    await platform.settle()
    const sends = async (client = open()): Promise<number> => {
      const before = proxy.requests.length
      void client.start().then(() => client.send('More'))
      await platform.settle()
      return proxy.requests.slice(before).filter((request) => request.endsWith('/messages')).length
    }
    expect(await sends()).toBe(1)
    await platform.advance(3_600_000)
    // Found out anew, and remembered anew, as often as an hour passes; in one page as over reloads.
    const client = open()
    expect(await sends(client)).toBeGreaterThan(1)
    expect(await sends(client)).toBe(1)
    await platform.advance(3_600_000)
    expect(await sends(client)).toBeGreaterThan(1)
    expect(await sends(client)).toBe(1)
    expect(await sends()).toBe(1)
  })

  it('asks for no address that an id was not meant to make, and says so', async () => {
    const { platform, proxy, open } = scene()
    const { history, getSnapshot } = open()
    for (const id of ['../me', '..', 'c_1?x=', '\ud800abcdef', '']) {
      for (const call of [history.remove, history.restore, (bad: string) => history.rename(bad, 'A title')])
        await expect(call(id)).rejects.toMatchObject({ code: 'protocol', retryable: false })
      void history.open(id)
      await platform.settle()
      expect(getSnapshot()).toMatchObject({ conversationId: null, error: { code: 'protocol' } })
    }
    expect(proxy.requests).toEqual([])
  })

  it('looks for any text, also for one that is no good Unicode', async () => {
    const { platform, proxy, open } = scene()
    const addresses: string[] = []
    proxy.fault = (request) => (addresses.push(request), null)
    const found = open().history.search('half \ud83d of a \0 pair & more')
    await platform.settle()
    expect(await found).toEqual([])
    expect(addresses).toContain('GET /conversations')
  })

  it('gives a conversation another title, here and on the server', async () => {
    const { platform, proxy, open } = scene()
    const client = open()
    void client.send('Hello')
    await platform.settle()
    const id = client.getSnapshot().conversationId ?? ''
    void client.history.rename(id, 'Par\0cels')
    await platform.settle()
    expect(client.getSnapshot().conversations).toMatchObject([{ id, title: 'Par\ufffdcels' }])
    expect(proxy.titles.get(id)).toBe('Par\ufffdcels')
    client.destroy()
    const again = open()
    proxy.fault = () => ({ kind: 'refuse' })
    void again.start()
    await platform.settle()
    expect(again.getSnapshot().conversations).toMatchObject([{ id, title: 'Par\ufffdcels' }])
  })

  it('brings a deleted conversation back, and finds one by what was said', async () => {
    const { platform, open } = scene()
    const client = open()
    void client.send('Hello')
    await platform.settle()
    const id = client.getSnapshot().conversationId ?? ''
    const settled = async <T>(task: Promise<T>): Promise<T> => {
      await platform.settle()
      return task
    }
    await settled(client.history.remove(id))
    expect(await settled(client.history.search('Hello'))).toEqual([])
    await settled(client.history.restore(id))
    expect(client.getSnapshot().conversations.map((one) => one.id)).toEqual([id])
    expect((await settled(client.history.search('Hello'))).map((one) => one.id)).toEqual([id])
    await settled(client.history.open(id))
    expect(client.getSnapshot().messages.map(({ content }) => content)).toEqual(['Hello', 'You said: Hello'])
  })
})
