import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage, type ChatStorage, type History } from '../history/index.js'
import type { OutboxEntry } from '../persistence/storage.js'
import { createIdentity } from '../identity/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy, type ScriptedProxyOptions } from '../testing/scripted-proxy.js'
import { slowStorage } from '../testing/slow-storage.js'
import { createVersions, type Versions } from '../versions/index.js'
import { createOutbox, type Outbox } from './index.js'

type Client = ChatClient & { readonly outbox: Outbox; readonly history: History; readonly versions: Versions }

function scene(script: Partial<ScriptedProxyOptions> = {}, storage: ChatStorage = createMemoryStorage()) {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, ...script })
  const open = (): Client =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: {
        outbox: createOutbox({ storage }),
        history: createHistory({ storage }),
        versions: createVersions(),
      },
    })
  return { platform, proxy, storage, open }
}

const texts = (client: ChatClient): string[] => client.getSnapshot().messages.map(({ content }) => content)
const statuses = (client: ChatClient): string[] => client.getSnapshot().messages.map(({ status }) => status)
const idOf = (client: ChatClient, text: string): string =>
  client.getSnapshot().messages.find(({ content }) => content === text)?.id ?? `no message says ${text}`
/** The questions that the server has, in its order. */
const askedOn = (proxy: ScriptedProxy): string[] =>
  [...proxy.conversations.values()].flat().flatMap(({ role, content }) => (role === 'user' ? [content] : []))

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

  it('does not ask what was stopped while it waited, however soon the page goes', async () => {
    const { platform, proxy, storage, open } = scene()
    const before = open()
    platform.setOnline(false)
    void before.send('One')
    await platform.advance(1000)
    void before.stop()
    before.destroy()
    const after = open()
    void after.start()
    await platform.advance(1000)
    platform.setOnline(true)
    await platform.settle()
    expect(askedOn(proxy)).toEqual([])
    expect(statuses(after)).toEqual(['stopped', 'stopped'])
    expect(await storage.list('outbox')).toEqual([])
  })

  it('does not ask what is stopped before it was taken up after a reload', async () => {
    const { platform, proxy, storage, open } = scene()
    const before = open()
    platform.setOnline(false)
    void before.send('One')
    await platform.advance(1000)
    before.destroy()
    platform.setOnline(true)
    const after = open()
    void after.start()
    void after.stop()
    await platform.settle()
    expect(askedOn(proxy)).toEqual([])
    expect(statuses(after)).toEqual(['stopped', 'stopped'])
    expect(await storage.list('outbox')).toEqual([])
  })

  it('passes over what is no question of ours, and removes it', async () => {
    const { platform, storage, open } = scene()
    // What another version or program may have left.
    await storage.write([{ put: 'outbox', record: { id: 'r_strange' } as OutboxEntry }])
    const client = open()
    const outcome = client.start().then(() => client.send('Hello'))
    await platform.settle()
    expect((await outcome).status).toBe('done')
    expect(client.getSnapshot().error).toBeNull()
    expect(await storage.list('outbox')).toEqual([])
  })

  it('sends in the order of asking, in whichever order storage lists', async () => {
    const kept = createMemoryStorage()
    const list: ChatStorage['list'] = async (store) => (await kept.list(store)).toReversed()
    const { platform, proxy, open } = scene({}, { ...kept, list })
    platform.setOnline(false)
    const before = open()
    for (const text of ['One', 'Two', 'Three']) {
      void before.send(text)
      await platform.advance(10)
    }
    before.destroy()
    platform.setOnline(true)
    void open().start()
    await platform.settle()
    expect(askedOn(proxy)).toEqual(['One', 'Two', 'Three'])
  })

  it('lets go of a question as soon as the server has it', async () => {
    const { platform, storage, open } = scene({ gapMs: 10_000 })
    const client = open()
    void client.send('Hello')
    await platform.advance(100)
    expect(client.getSnapshot().phase).toBe('streaming')
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

  it.each([
    ['there', false],
    ['away at first', true],
  ])(
    'asks what waits behind an answer that goes on on the server, when the page was reloaded and the server is %s',
    async (_name, isAway) => {
      const { platform, proxy, open } = scene({ gapMs: 1000 })
      const before = open()
      void before.send('One')
      await platform.advance(1500)
      void before.send('Two')
      await platform.advance(100)
      before.destroy()
      if (isAway) proxy.fault = () => ({ kind: 'refuse' })
      const after = open()
      void after.start()
      await platform.advance(300)
      proxy.fault = () => null
      platform.wake('visible')
      await platform.advance(500)
      // The first answer is still being made, and the second question is not on the server yet.
      expect(askedOn(proxy)).toEqual(['One'])
      await platform.settle()
      expect(texts(after)).toEqual(['One', 'You said: One', 'Two', 'You said: Two'])
      expect(statuses(after)).toEqual(['sent', 'done', 'sent', 'done'])
      expect(proxy.generations).toBe(2)
    },
  )
})

describe('a stop that did not get to the server before the page went', () => {
  const lost = (proxy: ScriptedProxy): void => {
    proxy.fault = () => ({ kind: 'refuse' })
    proxy.break('end')
  }

  /** The page goes with the stop untold; the next one finds the server there again. */
  async function stopAndReload({ platform, proxy, storage, open }: ReturnType<typeof scene>, client: Client) {
    void client.stop()
    await platform.advance(50)
    client.destroy()
    proxy.fault = () => null
    const after = open()
    void after.start()
    await platform.advance(1000)
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['stopped'])
    expect(statuses(after)).toEqual(['sent', 'stopped'])
    expect(await storage.list('outbox')).toEqual([])
  }

  it('is told by the next: of an answer under way', async () => {
    const made = scene({ gapMs: 10_000 })
    const client = made.open()
    void client.send('Hello')
    await made.platform.advance(100)
    expect(client.getSnapshot().phase).toBe('streaming')
    lost(made.proxy)
    await stopAndReload(made, client)
  })

  it('is told by the next: of an answer that was only read on', async () => {
    const made = scene({ gapMs: 10_000 })
    const before = made.open()
    void before.send('Hello')
    await made.platform.advance(100)
    before.destroy()
    const client = made.open()
    void client.start()
    await made.platform.advance(100)
    expect(client.getSnapshot().phase).toBe('streaming')
    lost(made.proxy)
    await stopAndReload(made, client)
  })

  it('is told by the next: of a question that the server may have', async () => {
    const made = scene({ gapMs: 10_000 })
    const { proxy, platform } = made
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'lose-answer' } : null)
    const client = made.open()
    void client.send('Hello')
    await platform.advance(20)
    expect(client.getSnapshot().phase).toBe('sending')
    lost(proxy)
    await stopAndReload(made, client)
  })

  it('leaves the words that had come where they are, however long the server is away', async () => {
    const { platform, proxy, open } = scene({ gapMs: 1000 })
    const words = (client: Client): string | undefined => texts(client)[1]
    const before = open()
    void before.send('Hello')
    await platform.advance(2500)
    lost(proxy)
    void before.stop()
    await platform.advance(300_000)
    expect(words(before)).toBe('You said: ')
    before.destroy()
    const after = open()
    void after.start()
    await platform.advance(300_000)
    expect([words(after), statuses(after)]).toEqual(['You said: ', ['sent', 'stopped']])
    // It was too late: the answer was given to its end.
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect([words(after), statuses(after)]).toEqual(['You said: Hello', ['sent', 'done']])
  })
})

describe('questions whose server is away for longer than tries last', () => {
  async function givenUp() {
    const made = scene()
    const client = made.open()
    void client.send('Zero')
    await made.platform.settle()
    made.proxy.fault = () => ({ kind: 'refuse' })
    void client.send('One')
    await made.platform.advance(120_000)
    expect(statuses(client).slice(2)).toEqual(['failed', 'failed'])
    return { ...made, client }
  }

  it('are sent when the page is looked at again', async () => {
    const { platform, proxy, client, storage } = await givenUp()
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'done', 'sent', 'done'])
    expect(await storage.list('outbox')).toEqual([])
  })

  it('are sent after a reload', async () => {
    const { platform, proxy, client, open } = await givenUp()
    client.destroy()
    proxy.fault = () => null
    const after = open()
    void after.start()
    await platform.settle()
    expect(texts(after)).toEqual(['Zero', 'You said: Zero', 'One', 'You said: One'])
    expect(proxy.generations).toBe(2)
  })

  it('are sent once, when they were asked again by hand before', async () => {
    const { platform, proxy, client } = await givenUp()
    proxy.fault = () => null
    void client.retry(client.getSnapshot().messages.at(-1)?.id ?? '')
    await platform.settle()
    platform.wake('visible')
    await platform.settle()
    expect(askedOn(proxy)).toEqual(['Zero', 'One'])
    expect(proxy.generations).toBe(2)
  })

  it('are not sent any more when they were put in other words', async () => {
    const { platform, proxy, client, open } = await givenUp()
    proxy.fault = () => null
    void client.versions.edit(idOf(client, 'One'), 'First')
    await platform.settle()
    platform.wake('visible')
    await platform.settle()
    client.destroy()
    void open().start()
    await platform.settle()
    expect(askedOn(proxy)).toEqual(['Zero', 'First'])
  })

  it('are not sent before the time that the server asked for', async () => {
    const { platform, proxy, open } = scene()
    const client = open()
    proxy.fault = (request) =>
      request.endsWith('/messages') ? { kind: 'status', status: 429, headers: { 'retry-after': '60' } } : null
    void client.send('Hello')
    await platform.advance(1000)
    expect(statuses(client)).toEqual(['failed', 'failed'])
    proxy.fault = () => null
    platform.wake('visible')
    await platform.advance(1000)
    expect(proxy.generations).toBe(0)
    await platform.advance(60_000)
    platform.wake('visible')
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'done'])
  })

  it('are forgotten when the server refused them for good', async () => {
    const { platform, proxy, open, storage } = scene()
    const client = open()
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'status', status: 422 } : null)
    void client.send('Hello')
    await platform.settle()
    expect(await storage.list('outbox')).toEqual([])
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect(proxy.generations).toBe(0)
  })
})

describe('a question is taken back', () => {
  async function threeWaiting() {
    const made = scene()
    const client = made.open()
    made.platform.setOnline(false)
    for (const text of ['One', 'Two', 'Three']) void client.send(text)
    await made.platform.advance(1000)
    return { ...made, client }
  }

  it.each([
    ['One', ['Two', 'Three']],
    ['Two', ['One', 'Three']],
    ['Three', ['One', 'Two']],
  ])('by itself: %s, and the others are sent', async (text, others) => {
    const { platform, proxy, storage, client } = await threeWaiting()
    await client.outbox.cancel(idOf(client, text))
    await platform.advance(100)
    const question = client.getSnapshot().messages.find(({ content }) => content === text)
    expect(question?.status).toBe('stopped')
    expect((await storage.list('outbox')).map((entry) => entry.question.content).toSorted()).toEqual(
      others.toSorted(),
    )
    platform.setOnline(true)
    await platform.settle()
    expect(askedOn(proxy)).toEqual(others)
    expect(texts(client)).toHaveLength(6)
    expect(await storage.list('outbox')).toEqual([])
  })

  it('by the answer that it waits for', async () => {
    const { platform, proxy, client } = await threeWaiting()
    await client.outbox.cancel(client.getSnapshot().messages[3]?.id ?? '')
    platform.setOnline(true)
    await platform.settle()
    expect(askedOn(proxy)).toEqual(['One', 'Three'])
  })

  it('after a reload, in whichever conversation, and stays so over the next', async () => {
    const { platform, proxy, client, open } = await threeWaiting()
    const two = idOf(client, 'Two')
    client.newConversation()
    void client.send('Elsewhere')
    await platform.advance(100)
    client.destroy()
    const after = open()
    void after.start()
    await platform.advance(100)
    await after.outbox.cancel(two)
    after.destroy()
    const last = open()
    void last.start()
    platform.setOnline(true)
    await platform.settle()
    expect(askedOn(proxy).toSorted()).toEqual(['Elsewhere', 'One', 'Three'])
  })

  it('also when it was given up for now', async () => {
    const { platform, proxy, open, storage } = scene()
    const client = open()
    proxy.fault = () => ({ kind: 'refuse' })
    void client.send('Hello')
    await platform.advance(120_000)
    await client.outbox.cancel(idOf(client, 'Hello'))
    expect(await storage.list('outbox')).toEqual([])
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect(proxy.generations).toBe(0)
  })

  it('also when it was given up for now and had arrived after all: its answer is stopped', async () => {
    const { platform, proxy, open, storage } = scene({ gapMs: 1_000_000 })
    const client = open()
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'lose-answer' } : null)
    void client.send('Hello')
    await platform.advance(120_000)
    expect(statuses(client)).toEqual(['failed', 'failed'])
    await client.outbox.cancel(idOf(client, 'Hello'))
    await platform.advance(1000)
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['stopped'])
    expect(statuses(client)).toEqual(['sent', 'stopped'])
    expect(await storage.list('outbox')).toEqual([])
  })

  it('and asked after all, which survives a reload like any other', async () => {
    const { platform, proxy, client, open } = await threeWaiting()
    const two = client.getSnapshot().messages[3]?.id ?? ''
    await client.outbox.cancel(two)
    void client.retry(two)
    void client.outbox.cancel(idOf(client, 'One'))
    await platform.advance(1000)
    client.destroy()
    const after = open()
    void after.start()
    platform.setOnline(true)
    await platform.settle()
    expect(askedOn(proxy).toSorted()).toEqual(['Three', 'Two'])
  })

  it('unless the server has it', async () => {
    const { platform, open } = scene({ gapMs: 1000 })
    const client = open()
    void client.send('Hello')
    await platform.advance(1500)
    await client.outbox.cancel(idOf(client, 'Hello'))
    await client.outbox.cancel('m_unknown')
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'done'])
  })

  it('with all others, by a stop', async () => {
    const { platform, proxy, storage, client } = await threeWaiting()
    void client.stop()
    await platform.settle()
    expect(await storage.list('outbox')).toEqual([])
    platform.setOnline(true)
    await platform.settle()
    expect(proxy.generations).toBe(0)
  })
})

describe('what happens while an earlier page is taken up', () => {
  /** A page that begins, behind one that asked something, and two things offline; and the moments at which something may happen. */
  async function begun() {
    const kept = createMemoryStorage()
    const { platform, proxy } = scene({ gapMs: 40 })
    const storage = slowStorage(platform, kept)
    const parts = () => ({ outbox: createOutbox({ storage }), history: createHistory({ storage }) })
    const options = { baseUrl: 'https://chat.test', fetch: proxy.fetch, platform }
    const before = createChatClient({ ...options, parts: parts() })
    void before.send('Hello')
    await platform.settle()
    platform.setOnline(false)
    void before.send('Secret')
    await platform.advance(100)
    const { messages, conversationId } = before.getSnapshot()
    const waiting = messages.at(-1)?.id ?? ''
    before.newConversation()
    void before.send('Elsewhere')
    await platform.advance(100)
    before.destroy()
    platform.setOnline(true)
    const client = createChatClient({ ...options, parts: parts() })
    void client.start()
    return { platform, proxy, kept, client, waiting, first: conversationId ?? '' }
  }
  const moments = Array.from({ length: 40 }, (_, ms) => ms)

  it('a person who signs out takes everything along', async () => {
    for (const moment of moments) {
      const { platform, proxy, kept, client } = await begun()
      await platform.advance(moment)
      void client.signOut()
      await platform.advance(30_000)
      const asked = askedOn(proxy).length
      await platform.settle()
      expect(askedOn(proxy), `${moment} ms`).toHaveLength(asked)
      for (const collection of ['conversations', 'messages', 'outbox'] as const)
        expect(await kept.list(collection), `${moment} ms, ${collection}`).toEqual([])
      expect(client.getSnapshot().session?.visitorId, `${moment} ms`).not.toBe('v_1')
      client.destroy()
    }
  })

  it('a question that is taken back is not asked', async () => {
    for (const moment of moments) {
      const { platform, proxy, kept, client, waiting } = await begun()
      proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'refuse' } : null)
      await platform.advance(moment)
      void client.outbox.cancel(waiting)
      await platform.advance(10)
      proxy.fault = () => null
      await platform.settle()
      expect(askedOn(proxy), `${moment} ms`).toEqual(['Hello', 'Elsewhere'])
      expect(await kept.list('outbox'), `${moment} ms`).toEqual([])
      expect((await kept.get('messages', waiting))?.status, `${moment} ms`).toBe('stopped')
      client.destroy()
    }
  })

  it('a question that is taken back then may be asked after all', async () => {
    const { platform, proxy, client, waiting, first } = await begun()
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'refuse' } : null)
    void client.outbox.cancel(waiting)
    await platform.settle()
    void client.history.open(first)
    await platform.settle()
    proxy.fault = () => null
    void client.retry(waiting)
    await platform.advance(30)
    // What was given up in the other conversation is asked once more.
    platform.wake('visible')
    await platform.settle()
    expect(askedOn(proxy).toSorted()).toEqual(['Elsewhere', 'Hello', 'Secret'])
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(Array(3).fill('completed'))
  })

  it('a question of one user is not asked as another', async () => {
    const { platform, proxy, storage } = scene()
    const open = () =>
      createChatClient({
        baseUrl: 'https://chat.test',
        fetch: proxy.fetch,
        platform,
        parts: { identity: createIdentity(), outbox: createOutbox({ storage }) },
      })
    const client = open()
    void client.identity.identify('user:ann')
    void client.start()
    await platform.settle()
    platform.setOnline(false)
    void client.send('Secret')
    await platform.advance(100)
    void client.identity.identify('user:bob')
    platform.setOnline(true)
    await platform.settle()
    expect(await storage.list('outbox')).toEqual([])
    client.destroy()
    const later = open()
    void later.identity.identify('user:bob')
    void later.start()
    await platform.settle()
    expect(askedOn(proxy)).toEqual([])
  })

  it('nor as another who is named while that is taken up', async () => {
    const { platform, proxy } = scene()
    const kept = createMemoryStorage()
    const storage = slowStorage(platform, kept)
    const open = () =>
      createChatClient({
        baseUrl: 'https://chat.test',
        fetch: proxy.fetch,
        platform,
        parts: {
          identity: createIdentity(),
          history: createHistory({ storage }),
          outbox: createOutbox({ storage }),
        },
      })
    const before = open()
    void before.identity.identify('user:ann')
    void before.start()
    await platform.settle()
    platform.setOnline(false)
    void before.send('Secret')
    await platform.advance(100)
    before.destroy()
    expect(await kept.list('outbox')).toHaveLength(1)
    platform.setOnline(true)
    const client = open()
    void client.start()
    void client.identity.identify('user:bob')
    await platform.settle()
    expect(askedOn(proxy)).toEqual([])
    expect(await kept.list('outbox')).toEqual([])
  })
})

describe('a storage that does not answer', () => {
  it('holds a question for five seconds and not for ever', async () => {
    const never = (): Promise<never> => new Promise(() => {})
    const { platform, proxy, open } = scene(
      {},
      { ...createMemoryStorage(), write: never, get: never, list: never },
    )
    const client = open()
    void client.send('Hello')
    await platform.advance(5000)
    await platform.advance(1000)
    expect(askedOn(proxy)).toEqual(['Hello'])
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'done'])
    expect(platform.pendingTimers()).toBe(0)
  })
})
