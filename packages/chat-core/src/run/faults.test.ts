import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy, type RequestFault } from '../testing/scripted-proxy.js'
import { seededRandom } from '../testing/seeded-random.js'

const WORDS = ['Ünïcödé ', 'in ', '**every** ', '\u{1F600} ', 'word, ', 'and an end.']
const ANSWER = WORDS.join('')

/** Asks one question while `fault` decides about every request, and tells what became of it. */
async function ask(fault: (request: string, count: number) => RequestFault | null, seed = 1) {
  const platform = createFakePlatform({ seed })
  const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 30, heartbeatMs: 1000 })
  let count = 0
  proxy.fault = (request) => (/messages|runs/.test(request) ? fault(request, (count += 1)) : null)
  const client = createChatClient({ baseUrl: 'https://chat.test/', fetch: proxy.fetch, platform })
  const started = platform.now()
  let ended = started
  const outcome = client.send('Question').finally(() => (ended = platform.now()))
  await platform.settle()
  client.destroy()
  return { ...(await outcome), proxy, took: ended - started, timers: platform.pendingTimers() }
}

/** A fault that hits the first request only. */
const once =
  (fault: RequestFault) =>
  (_request: string, count: number): RequestFault | null =>
    count === 1 ? fault : null

const status = (code: number, headers?: Record<string, string>, body = ''): RequestFault => ({
  kind: 'status',
  status: code,
  body,
  ...(headers && { headers }),
})

describe('a run on a bad line', () => {
  it.each<[string, (request: string, count: number) => RequestFault | null]>([
    ['a refused connection', once({ kind: 'refuse' })],
    ['a send whose answer is lost', once({ kind: 'lose-answer' })],
    ['a server that never answers', once({ kind: 'hang' })],
    ['a reset before the first event', once({ kind: 'reset', at: 5 })],
    ['a reset in mid-answer', once({ kind: 'reset', at: 900 })],
    ['a clean end in mid-answer', once({ kind: 'eof', at: 900 })],
    ['silence before the first event', once({ kind: 'stall', at: 0 })],
    ['silence in mid-answer', once({ kind: 'stall', at: 900 })],
    ['a proxy that buffers everything', () => ({ kind: 'buffer' })],
    ['frames that come twice', () => ({ kind: 'double' })],
    ['502, then good', once(status(502))],
    ['500 twice, then good', (_request, count) => (count <= 2 ? status(500) : null)],
    ['429 with Retry-After', once(status(429, { 'retry-after': '7' }))],
    ['an expired token', once(status(401))],
    ['a login page instead of a stream', once(status(200, { 'content-type': 'text/html' }, '<html>'))],
    ['204', once(status(204, undefined, undefined))],
    ['every connection cut after 700 bytes', () => ({ kind: 'reset', at: 700 })],
  ])('ends well after %s, with one generation', async (_name, fault) => {
    const { status: end, message, proxy, timers } = await ask(fault)
    expect({ end, text: message.content }).toEqual({ end: 'done', text: ANSWER })
    expect(proxy.generations).toBe(1)
    expect(timers).toBe(0)
  })

  it('waits as long as Retry-After says', async () => {
    expect((await ask(once(status(429, { 'retry-after': '7' })))).took).toBeGreaterThanOrEqual(7000)
  })

  it('waits as long as Retry-After says, however often the page is looked at', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform })
    const sends = (): number => proxy.requests.filter((request) => request.endsWith('/messages')).length
    proxy.fault = (request) =>
      request.endsWith('/messages') && sends() === 1 ? status(429, { 'retry-after': '7' }) : null
    const client = createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform })
    const outcome = client.send('Question')
    for (let second = 0; second < 6; second += 1) {
      await platform.advance(1000)
      platform.setOnline(false)
      platform.setOnline(true)
      platform.wake('visible')
      platform.wake('restored')
    }
    expect(sends()).toBe(1)
    await platform.settle()
    expect([(await outcome).status, sends()]).toEqual(['done', 2])
    client.destroy()
  })

  it('goes on at once when the page is looked at, and does not take that for a try', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform })
    let isAway = true
    proxy.fault = (request) => (isAway && request.endsWith('/messages') ? status(503) : null)
    const client = createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform })
    const outcome = client.send('Question')
    for (let look = 0; look < 20; look += 1) {
      await platform.advance(1)
      platform.wake('visible')
    }
    isAway = false
    await platform.advance(1)
    platform.wake('visible')
    await platform.advance(16)
    expect(client.getSnapshot().phase).toBe('streaming')
    await platform.settle()
    expect((await outcome).status).toBe('done')
    client.destroy()
  })

  it('is read by a padded stream where a plain one does not get through, and not by anything less', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 30, heartbeatMs: 1000 })
    const asked: string[] = []
    const holdingBack: typeof fetch = async (input, init) => {
      const { search } = new URL(input instanceof Request ? input.url : input)
      asked.push(search)
      // Some middlebox waits for the first 2 KB of a stream.
      proxy.fault = () => (search.includes('padding') ? null : { kind: 'stall', at: 0 })
      return proxy.fetch(input, init)
    }
    const client = createChatClient({ baseUrl: 'https://chat.test', fetch: holdingBack, platform })
    const outcome = client.send('Question')
    await platform.settle()
    client.destroy()
    expect((await outcome).message.content).toBe(ANSWER)
    expect(asked.filter((search) => search.includes('padding'))).toHaveLength(1)
    expect(asked.filter((search) => search.includes('wait'))).toEqual([])
  })

  it('is not asked for again when it is gone after it was there', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 60_000 })
    let looks = 0
    proxy.fault = (request) => {
      if (!request.startsWith('GET /runs'))
        return request.endsWith('/messages') ? { kind: 'stall', at: 0 } : null
      looks += 1
      return looks > 1 ? status(404) : null
    }
    const client = createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform })
    const outcome = client.send('Question')
    await platform.settle()
    client.destroy()
    expect((await outcome).status).toBe('failed')
    const firstLook = proxy.requests.findIndex((request) => request.startsWith('GET /runs'))
    expect(proxy.requests.slice(firstLook).filter((request) => request.startsWith('POST'))).toEqual([])
    expect(looks).toBe(2)
  })

  it('does not count it as a try that the network was off', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform, words: () => WORDS, heartbeatMs: 1000 })
    let sends = 0
    proxy.fault = (request) => {
      if (!request.endsWith('/messages') || (sends += 1) > 2) return null
      return sends === 1 ? { kind: 'refuse' } : { kind: 'hang' }
    }
    const patience = { tries: 1, base: 10, cap: 10 }
    const policy = { send: patience, resume: patience }
    const client = createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform, policy })
    const outcome = client.send('Question')
    await platform.advance(20)
    expect(sends).toBe(2)
    // The second try, which no wake has forced, is on its way when the network goes: the heartbeat limit then ends it.
    platform.setOnline(false)
    await platform.advance(5000)
    platform.setOnline(true)
    await platform.settle()
    expect((await outcome).status).toBe('done')
    client.destroy()
  })

  it('notices silence within two and a half heartbeats', async () => {
    const quiet = await ask(() => null)
    const stalled = await ask(once({ kind: 'stall', at: 900 }))
    expect(stalled.took - quiet.took).toBeLessThanOrEqual(2500)
  })

  it('tells a server that cannot be reached from one that fails', async () => {
    expect((await ask(() => ({ kind: 'refuse' }))).error).toMatchObject({
      code: 'upstream',
      unanswered: true,
    })
    expect((await ask(() => status(500))).error).toMatchObject({ code: 'upstream', unanswered: false })
  })

  it('raises no false alarm while the model is silent for an hour', async () => {
    const platform = createFakePlatform()
    const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 3_600_000 })
    const client = createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform })
    const outcome = client.send('Question')
    await platform.advance(3_599_000)
    expect(client.getSnapshot()).toMatchObject({ phase: 'streaming', stillWorking: true })
    await platform.settle(100 * 3_600_000)
    expect((await outcome).status).toBe('done')
    expect(proxy.requests.filter((request) => /messages|runs/.test(request))).toHaveLength(1)
    client.destroy()
  })

  it.each<[string, RequestFault, string]>([
    ['401 for good', status(401), 'auth'],
    ['403', status(403), 'auth'],
    ['422', status(422), 'policy'],
    ['413', status(413), 'too_long'],
    ['404', status(404), 'protocol'],
    ['429 for good', status(429), 'rate_limited'],
    ['500 for good', status(500), 'upstream'],
    ['504 for good', status(504), 'timeout'],
    ['a login page for good', status(200, { 'content-type': 'text/html' }, '<html>'), 'protocol'],
    ['a hanging server for good', { kind: 'hang' }, 'stalled'],
  ])('fails with a code after %s', async (_name, fault, code) => {
    const { status: end, error, proxy, timers } = await ask(() => fault)
    expect({ end, code: error?.code }).toEqual({ end: 'failed', code })
    expect(proxy.generations).toBe(0)
    expect(timers).toBe(0)
  })

  it.each([408, 425, 429, 500, 502, 503, 504])('asks again after one %i', async (code) => {
    const { status: end, proxy } = await ask(once(status(code)))
    expect([end, proxy.generations]).toEqual(['done', 1])
  })

  it.each([400, 409, 410, 418, 451, 501, 505, 511])('does not ask again after one %i', async (code) => {
    const { status: end, proxy } = await ask(once(status(code)))
    expect([end, proxy.generations]).toEqual(['failed', 0])
  })

  it('never calls a partial answer done when the server is gone for good', async () => {
    const { status: end, message } = await ask((_request, count) =>
      count === 1 ? { kind: 'eof', at: 900 } : { kind: 'refuse' },
    )
    expect(end).toBe('failed')
    expect(message.status).toBe('failed')
    expect(ANSWER.startsWith(message.content)).toBe(true)
    expect(message.content.length).toBeGreaterThan(0)
  })

  it('waits ten seconds for a server that asks for it, and longer not in silence', async () => {
    const limit = {
      name: 'messages_per_minute',
      scope: 'user',
      max: 20,
      used: 20,
      remaining: 0,
      resets_at: null,
    }
    const busy = (seconds: number): RequestFault =>
      status(429, { 'retry-after': String(seconds) }, JSON.stringify({ error: 'Too many.', limit }))
    const { message } = await ask(once(busy(10)))
    expect(message.status).toBe('done')
    const { message: refused, proxy } = await ask(once(busy(11)))
    expect(refused.error).toMatchObject({ code: 'rate_limited', retryAfter: 11_000, limit })
    expect(proxy.generations).toBe(0)
  })

  it('loses and doubles nothing wherever the first connection is cut', async () => {
    for (let at = 0; at < 2600; at += 1) {
      const { message, proxy } = await ask(once({ kind: at % 2 === 0 ? 'eof' : 'reset', at }))
      if (message.content !== ANSWER || proxy.generations !== 1)
        throw new Error(`cut at byte ${at}: ${message.content}`)
    }
  }, 120_000)

  it('loses and doubles nothing under random faults', async () => {
    const seed = Number(process.env['SEED'] ?? 20_261)
    const random = seededRandom(seed)
    const pick = (): RequestFault | null => {
      const at = Math.floor(random() * 2600)
      const faults: (RequestFault | null)[] = [
        { kind: 'reset', at },
        { kind: 'eof', at },
        { kind: 'stall', at },
        { kind: 'lose-answer' },
        { kind: 'refuse' },
        { kind: 'double' },
        status(503),
        null,
      ]
      return faults[Math.floor(random() * faults.length)] ?? null
    }
    for (let round = 0; round < 300; round += 1) {
      // Tries are counted, so a run of bad luck may end a client's patience; five faults in a row are within it.
      const { message, proxy } = await ask((_request, count) => (count <= 4 ? pick() : null), round + 1)
      if (message.content !== ANSWER || proxy.generations !== 1) {
        throw new Error(`seed ${seed}, round ${round}: ${message.status} ${message.content}`)
      }
    }
  }, 120_000)
})
