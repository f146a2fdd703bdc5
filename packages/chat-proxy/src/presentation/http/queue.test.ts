import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_LIMITS } from '../../domain/limits.js'
import { ByteReader, createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
let opened: number
const build = async (
  maxRuns: number,
  maxQueued: number,
  user: number | null = null,
  tenant: number | null = null,
): Promise<void> => {
  opened = 0
  const limits = { ...NO_LIMITS, runsAtOnce: { user, tenant } }
  world = await createHttpWorld({ settings: { load: { maxRuns, maxQueued } }, tenant: { limits } })
}
beforeEach(() => build(1, 1))
afterEach(() => world.close())

const events = { accept: 'text/event-stream' }
const conversation = async (): Promise<string> => {
  const id = `conversation_${(opened += 1)}`
  await world.conversation(id)
  return id
}
const question = (runId: string, format = 'openai') => ({
  path: (id: string) => `/api/v1/conversations/${id}/messages?format=${format}`,
  call: { method: 'POST', headers: events, body: { content: 'Hello?', run_id: runId } },
})
const stream = async (runId: string, format?: string): Promise<ByteReader> => {
  const { path, call } = question(runId, format)
  const response = await world.open(path(await conversation()), call)
  expect(response.statusCode).toBe(200)
  return new ByteReader(response)
}
const ask = async (runId: string) => {
  const { path, call } = question(runId)
  return world.call(path(await conversation()), call)
}
/** What is recorded of completions. */
const ended = async (): Promise<unknown[]> => {
  const query = world.database.kysely.selectFrom('events').select('data')
  const rows = await query.where('type', '=', 'completion.ended').execute()
  return rows.map(({ data }) => JSON.parse(data))
}
const complete = (stream = false) => ({
  method: 'POST',
  body: { model: 'scripted-1', stream, messages: [{ role: 'user', content: 'Hello?' }] },
})

describe('a question that has to wait', () => {
  test('is stored, told its place, and answered when its turn comes', async () => {
    const first = await stream('run_first')
    const call = await world.model.nextCall()
    const second = await stream('run_second')
    await second.until('"queue":{"position":1}')
    const detail = (await world.call('/api/v1/runs/run_second')).json()
    expect(detail).toMatchObject({ status: 'queued', queue: { position: 1 } })
    expect(world.model.calls).toHaveLength(1)
    call.say('One.').end()
    await first.end()
    await second.until('"queue":{"position":0}')
    const next = await world.model.nextCall()
    expect((await world.call('/api/v1/runs/run_second')).json()).not.toHaveProperty('queue')
    next.say('Two.').end()
    expect(await second.end()).toContain('"status":"completed"')
  })

  test('is told its place in the AI SDK’s stream, too', async () => {
    await stream('run_first')
    const second = await stream('run_second', 'ui')
    await second.until('"messageMetadata":{"queue_position":1}')
  })

  test('is stopped like any other, and the model never hears of it', async () => {
    await stream('run_first')
    const second = await stream('run_second')
    await second.until('"queue"')
    const stopped = await world.call('/api/v1/runs/run_second/stop', { method: 'POST' })
    expect(stopped.json()).toMatchObject({ status: 'stopped' })
    expect(await second.end()).toContain('"status":"stopped"')
    expect(world.model.calls).toHaveLength(1)
    await (await stream('run_third')).until('"queue":{"position":1}')
  })

  test('is answered within the grace time of a shutdown, or ends as interrupted with it', async () => {
    await stream('run_first')
    const [call, second] = [await world.model.nextCall(), await stream('run_second')]
    await second.until('"queue"')
    const drained = world.useCases.generations.drain(1_000)
    expect((await ask('run_third')).json()).toMatchObject({ type: 'ServiceUnavailableError' })
    call.say('One.').end()
    await world.model.nextCall()
    world.clock.advance(1_000)
    await drained
    expect(await second.end()).toContain('"status":"interrupted"')
  })

  test('ends when nobody waits for it any more', async () => {
    await stream('run_first')
    await (await stream('run_second')).until('"queue"')
    world.hangUp()
    await expect.poll(() => world.logLines.join('')).toContain('"status":200')
    world.clock.advance(300_000)
    await expect
      .poll(async () => (await world.call('/api/v1/runs/run_second')).json())
      .toMatchObject({ status: 'stopped' })
  })
})

describe('a full queue', () => {
  test('is 503 with the time to come back, and nothing is stored', async () => {
    await stream('run_first')
    await stream('run_second')
    const rows = await world.storedRows()
    const refused = await ask('run_third')
    expect(refused.status).toBe(503)
    expect(refused.json()).toMatchObject({
      error: 'Too many answers are being made right now',
      type: 'ServiceUnavailableError',
      retry_after: 10,
    })
    expect(refused.headers['retry-after']).toBe('10')
    // But for the conversation that the test makes.
    expect(await world.storedRows()).toBeLessThanOrEqual(rows + 2)
  })

  test('refuses OpenAI’s clients in their shape', async () => {
    await stream('run_first')
    await stream('run_second')
    const refused = await world.call('/v1/chat/completions', complete())
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('10')
    expect(refused.json()).toMatchObject({ error: { code: 'overloaded' } })
  })
})

describe('a completion', () => {
  test('waits for its turn as well, with a sign of life', async () => {
    await stream('run_first')
    const first = await world.model.nextCall()
    const response = world.open('/v1/chat/completions', complete(true))
    await expect.poll(() => world.useCases.queue.waiting).toBe(1)
    world.clock.advance(10_000)
    const reader = new ByteReader(await response)
    await reader.until(': hb')
    first.say('One.').end()
    ;(await world.model.nextCall()).say('Two.').end()
    expect(await reader.end()).toContain('Two.')
  })

  test('leaves the queue when its client goes away', async () => {
    await stream('run_first')
    const response = world.open('/v1/chat/completions', complete(true))
    await expect.poll(() => world.useCases.queue.waiting).toBe(1)
    world.clock.advance(10_000)
    ;(await response).destroy()
    await expect.poll(() => world.useCases.queue.waiting).toBe(0)
    expect(world.model.calls).toHaveLength(1)
  })

  test('whose client goes away before it is begun is no fault', async () => {
    await stream('run_first')
    const response = world.open('/v1/chat/completions', complete())
    response.catch(() => {})
    await expect.poll(() => world.useCases.queue.waiting).toBe(1)
    world.hangUp()
    await expect.poll(ended).toMatchObject([{ status: 'cancelled' }])
    await expect.poll(() => world.logLines.join('')).toContain('"route":"/v1/chat/completions"')
    expect(world.logLines.join('')).not.toMatch(/a request (failed|could not be served)/)
  })
})

test('one person has so many answers at once; the next ones wait, and beyond as many again it is 429', async () => {
  await world.close()
  await build(10, 10, 1)
  await stream('run_first')
  await (await stream('run_second')).until('"queue":{"position":1}')
  const made = { max: 1, used: 1, waiting: 1, remaining: 0 }
  const limit = { name: 'runs_at_once', scope: 'user', ...made, resets_at: null }
  expect((await world.call('/api/v1/usage')).json()).toEqual({ limits: [limit] })
  const refused = await ask('run_third')
  expect(refused.status).toBe(429)
  expect(refused.json()).toMatchObject({ type: 'RateLimitError', limit })
})

test('how many answers are made at once is told ahead of time, of the person and of the tenant', async () => {
  await world.close()
  await build(10, 10, 2, 3)
  const told = async () => (await world.call('/api/v1/usage')).json()['limits']
  const limit = { name: 'runs_at_once', resets_at: null }
  expect(await told()).toEqual([
    { ...limit, scope: 'user', max: 2, used: 0, waiting: 0, remaining: 2 },
    { ...limit, scope: 'tenant', max: 3, used: 0, remaining: 3 },
  ])
  await stream('run_first')
  const call = await world.model.nextCall()
  expect(await told()).toEqual([
    { ...limit, scope: 'user', max: 2, used: 1, waiting: 0, remaining: 1 },
    { ...limit, scope: 'tenant', max: 3, used: 1, remaining: 2 },
  ])
  call.say('One.').end()
  await world.ended('run_first')
  await expect.poll(told).toMatchObject([{ used: 0 }, { used: 0 }])
})
