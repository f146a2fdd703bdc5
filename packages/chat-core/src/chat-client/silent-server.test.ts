import { describe, expect, it } from 'vitest'
import { createFeedback } from '../feedback/index.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createOutbox } from '../outbox/index.js'
import { keepInStep } from '../tabs/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy, type RequestFault } from '../testing/scripted-proxy.js'
import { TabHub } from '../testing/tab-hub.js'
import { createChatClient } from './create-chat-client.js'

const HEARTBEAT_MS = 10_000
/** What a request whose answer is no stream may take. */
const LIMIT_MS = 2.5 * HEARTBEAT_MS
/** Every wait between two tries is shorter. */
const WAIT_MS = 10_000
const HANG: RequestFault = { kind: 'hang' }

function scene(gapMs = 1000) {
  const platform = createFakePlatform()
  const words = (): string[] => Array.from({ length: 300 }, (_, index) => `w${index} `)
  const proxy = new ScriptedProxy({ platform, words, gapMs, heartbeatMs: HEARTBEAT_MS })
  const storage = createMemoryStorage()
  const hub = new TabHub()
  const open = () =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: {
        history: createHistory({ storage }),
        outbox: createOutbox({ storage }),
        feedback: createFeedback(),
        tabs: keepInStep(hub.open().tabs),
      },
    })
  /** The first request of this kind from now on is never answered. @returns how many of the kind there have been */
  const silence = (kind: RegExp, count = 1): (() => number) => {
    let seen = 0
    proxy.fault = (request) => (kind.test(request) && (seen += 1) <= count ? HANG : null)
    return () => seen
  }
  const asked = (kind: RegExp): number => proxy.requests.filter((request) => kind.test(request)).length
  return { platform, proxy, storage, client: open(), open, silence, asked }
}

/** @returns how a promise stands, without waiting for it */
function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; error?: unknown; isPending: boolean } = { isPending: true }
  promise.then(
    (value) => Object.assign(seen, { value, isPending: false }),
    (error: unknown) => Object.assign(seen, { error, isPending: false }),
  )
  return seen
}

const START = /^POST \/chat\/start/
const STOP = /\/stop$/

describe('a server that accepts a request and says nothing', () => {
  it.each([
    ['the start of the session', START],
    ['the making of the conversation', /^POST \/conversations$/],
    ['the question', /\/messages$/],
  ])('is asked again within the limit when it is silent on %s', async (_name, kind) => {
    const { platform, proxy, client, silence } = scene(10)
    const seen = silence(kind)
    const outcome = watch(client.send('Hi'))
    await platform.advance(LIMIT_MS + WAIT_MS)
    expect(seen()).toBeGreaterThan(1)
    expect(outcome.value?.status).toBe('done')
    expect(proxy.generations).toBe(1)
  })

  it('is asked again at once when the line or the page comes back', async () => {
    for (const wake of ['online', 'restored'] as const) {
      const { platform, client, silence } = scene()
      silence(START)
      void client.send('Hi')
      await platform.advance(1)
      platform.wake(wake)
      // The first wait between two tries is at most this long.
      await platform.advance(300)
      expect(client.getSnapshot().phase).toBe('streaming')
      client.destroy()
    }
  })

  it('does not hold the renewal of a session for ever', async () => {
    const { platform, client, silence } = scene(10)
    void client.send('Hi')
    await platform.advance(3_600_000)
    const seen = silence(START)
    const outcomes = [watch(client.send('Again')), watch(client.send('And again'))]
    await platform.advance(LIMIT_MS + WAIT_MS)
    expect(seen()).toBeGreaterThan(1)
    expect(outcomes.map(({ value }) => value?.status)).toEqual(['done', 'done'])
  })

  it('does not keep the other tabs from beginning', async () => {
    const { platform, client, open, silence } = scene(10)
    silence(START)
    const other = open()
    const outcomes = [watch(client.send('One')), watch(other.send('Two'))]
    await platform.advance(2 * (LIMIT_MS + WAIT_MS))
    expect(outcomes.map(({ value }) => value?.status)).toEqual(['done', 'done'])
  })

  it('is told of a stop again', async () => {
    const { platform, proxy, client, silence } = scene()
    const outcome = watch(client.send('Hi'))
    await platform.advance(2500)
    const seen = silence(STOP)
    const stopped = watch(client.stop())
    await platform.advance(LIMIT_MS + WAIT_MS)
    expect(seen()).toBe(2)
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['stopped'])
    expect([outcome.value?.status, stopped.isPending]).toEqual(['stopped', false])
  })

  it('keeps neither a question that may have arrived nor its stop waiting for ever', async () => {
    const { platform, proxy, client } = scene(10_000)
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'lose-answer' } : null)
    const outcome = watch(client.send('Hi'))
    await platform.advance(1)
    proxy.fault = (request) => (/messages$|stop$/.test(request) ? HANG : null)
    const stopped = watch(client.stop())
    await platform.advance(10 * (LIMIT_MS + WAIT_MS))
    expect([outcome.isPending, stopped.isPending]).toEqual([false, false])
    expect(client.getSnapshot()).toMatchObject({ phase: 'idle', error: { code: 'timeout' } })
    // The run goes on there, and ends when the server can be told.
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['stopped'])
    expect(client.getSnapshot()).toMatchObject({ error: null, messages: [{}, { status: 'stopped' }] })
  })

  it('leaves nothing pending of what is read or changed', async () => {
    const { platform, proxy, client } = scene(10)
    void client.send('Hi')
    await platform.settle()
    const { conversationId, messages } = client.getSnapshot()
    const id = conversationId ?? ''
    proxy.fault = () => HANG
    const loads = [watch(client.history.list()), watch(client.history.open(id))]
    const changes = [
      client.history.rename(id, 'Title'),
      client.history.search('Hi'),
      client.history.restore(id),
      client.history.remove(id),
      client.feedback.rate(messages[1]?.id ?? '', 'up'),
    ].map((change) => watch<unknown>(change))
    await platform.advance(LIMIT_MS)
    expect(loads.map(({ isPending }) => isPending)).toEqual([false, false])
    expect(client.getSnapshot()).toMatchObject({
      loading: false,
      error: { code: 'timeout', retryable: true },
    })
    for (const { error } of changes) expect(error).toMatchObject({ code: 'timeout', retryable: true })
  })

  it('lets a start end, and the next wake begins it anew', async () => {
    const { platform, proxy, client } = scene()
    proxy.fault = () => HANG
    const started = watch(client.start())
    await platform.advance(3 * LIMIT_MS)
    expect(started.isPending).toBe(false)
    expect(client.getSnapshot()).toMatchObject({ loading: false, error: { code: 'timeout' } })
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect(client.getSnapshot()).toMatchObject({ session: { greeting: 'Hello' }, error: null })
  })

  it('does not hold whoever signs out', async () => {
    const { platform, proxy, client } = scene()
    void client.send('Hi')
    await platform.advance(2500)
    proxy.fault = () => HANG
    const left = watch(client.signOut())
    await platform.advance(LIMIT_MS)
    expect(left.isPending).toBe(false)
    expect(client.getSnapshot()).toMatchObject({ messages: [], session: null })
  })
})

describe('who signs out while the server is away', () => {
  it('leaves nothing on the device, and nothing is asked in their name any more', async () => {
    const { platform, proxy, client, storage } = scene()
    void client.send('Hi')
    await platform.advance(2500)
    proxy.fault = () => ({ kind: 'refuse' })
    proxy.break('end')
    const waiting = watch(client.send('A secret'))
    void client.signOut()
    await platform.advance(2 * LIMIT_MS)
    const before = proxy.requests.length
    proxy.fault = () => null
    platform.wake('visible')
    await platform.settle()
    expect(proxy.requests.slice(before)).toEqual([])
    expect(waiting.isPending).toBe(false)
    for (const collection of ['conversations', 'messages', 'outbox'] as const)
      expect(await storage.list(collection)).toEqual([])
  })
})

describe('a stop that does not get through', () => {
  async function undelivered() {
    const made = scene()
    const { platform, proxy, client } = made
    const outcome = watch(client.send('Hi'))
    await platform.advance(2500)
    proxy.fault = (request) => (STOP.test(request) ? { kind: 'status', status: 503 } : null)
    const stopped = watch(client.stop())
    await platform.advance(60_000)
    // People are told, while the answer streams on.
    expect(stopped.isPending).toBe(false)
    expect(client.getSnapshot()).toMatchObject({ phase: 'streaming', error: { code: 'upstream' } })
    proxy.fault = () => null
    return { ...made, outcome }
  }

  it('is tried again by a second stop', async () => {
    const { platform, client, outcome } = await undelivered()
    void client.stop()
    await platform.advance(100)
    expect(outcome.value?.status).toBe('stopped')
    expect(client.getSnapshot().error).toBeNull()
  })

  it('is tried again when the page is looked at', async () => {
    const { platform, outcome } = await undelivered()
    platform.wake('visible')
    await platform.advance(100)
    expect(outcome.value?.status).toBe('stopped')
  })

  it('is one request at a time, however often it is asked for', async () => {
    const { platform, client, asked, silence } = scene()
    void client.send('Hi')
    await platform.advance(2500)
    silence(STOP)
    for (let count = 0; count < 5; count += 1) void client.stop()
    platform.wake('visible')
    await platform.advance(1)
    expect(asked(STOP)).toBe(1)
  })

  it('ends also a run that contact was lost with', async () => {
    const { platform, proxy, client } = scene()
    const outcome = watch(client.send('Hi'))
    await platform.advance(2500)
    proxy.fault = () => ({ kind: 'refuse' })
    proxy.break('end')
    await platform.advance(60_000)
    expect(outcome.value?.status).toBe('failed')
    proxy.fault = () => null
    const stopped = watch(client.stop())
    await platform.advance(1000)
    expect([...proxy.runs.values()].map(({ status }) => status)).toEqual(['stopped'])
    expect(stopped.isPending).toBe(false)
    expect(client.getSnapshot().messages[1]?.status).toBe('stopped')
  })
})
