import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../config/load-config.js'
import { DomainError } from '../../domain/errors.js'
import type { RunReaders } from '../../domain/ports/index.js'
import { createWorld, type World } from '../testing/test-world.js'
import { stepsOf } from '../testing/steps-of.js'

const MINUTE = 60_000
const GRACE = 5 * MINUTE

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.conversation()
})
afterEach(() => world.close())

const send = async () => {
  await world.useCases.sendMessage.execute(world.alice, {
    conversationId: 'c_00001',
    content: 'Hello?',
    runId: 'run_01',
  })
  return world.model.nextCall()
}

const follow = async (signal: AbortSignal, app = world.useCases) => {
  const followed = await app.followRun.execute(world.alice, { runId: 'run_01', cursor: null, signal })
  return (async () => {
    for await (const _ of stepsOf(followed));
  })()
}

/** As it is stored; asking the use case would be reading. */
const stored = async () => {
  const owner = { tenantId: 'default', ownerId: 'v_alice' }
  const run = await world.ports.runs.find(owner, 'run_01')
  return { run, message: await world.ports.conversations.findMessage(owner, run?.messageId ?? '') }
}

describe('an answer that nobody reads', () => {
  test('is stopped after the grace time, with its text kept', async () => {
    const call = await send()
    call.say('Half')
    await world.clock.advanceAsync(GRACE - 1)
    expect(call.signal.aborted).toBe(false)
    await world.clock.advanceAsync(1)
    expect(call.signal.aborted).toBe(true)
    expect(await stored()).toMatchObject({
      run: { status: 'stopped', error: null },
      message: { status: 'stopped', content: 'Half' },
    })
  })

  test('is stopped when its last reader has been away for the grace time', async () => {
    const call = await send()
    const [first, second] = [new AbortController(), new AbortController()]
    const readers = Promise.all([follow(first.signal), follow(second.signal)])
    await world.clock.advanceAsync(20 * MINUTE)
    first.abort()
    await world.clock.advanceAsync(20 * MINUTE)
    second.abort()
    await readers
    await world.clock.advanceAsync(GRACE - 1)
    expect(call.signal.aborted).toBe(false)
    await world.clock.advanceAsync(1)
    expect(call.signal.aborted).toBe(true)
  })

  test('waits for a reader who comes back within the grace time', async () => {
    const call = await send()
    for (let i = 0; i < 5; i += 1) {
      await world.clock.advanceAsync(GRACE - 1)
      const reader = new AbortController()
      const reading = follow(reader.signal)
      await world.clock.advanceAsync(0)
      reader.abort()
      await reading
    }
    expect(call.signal.aborted).toBe(false)
  })

  test('leaves no timer behind when it ends by itself', async () => {
    const call = await send()
    call.say('Hello.').end()
    await world.ended('run_01')
    // The log's own retention.
    await expect.poll(() => world.clock.pending).toBe(1)
  })
})

describe('whoever waits for the end', () => {
  test('reads', async () => {
    const call = await send()
    const signal = new AbortController().signal
    const answer = world.useCases.waitForRun.execute(world.alice, 'run_01', signal)
    await world.clock.advanceAsync(20 * MINUTE)
    call.say('Hello.').end()
    expect((await answer).message.status).toBe('completed')
  })

  test('reads also by asking again and again', async () => {
    const call = await send()
    const signal = new AbortController().signal
    for (let i = 0; i < 10; i += 1) {
      await world.clock.advanceAsync(GRACE - 1)
      await world.useCases.getRun.execute(world.alice, { runId: 'run_01', waitMs: 0, signal })
    }
    expect(call.signal.aborted).toBe(false)
  })
})

test('a reader in another process that shares the readers keeps the answer going', async () => {
  const call = await send()
  const { readers } = world.ports
  const elsewhere = world.boot({ readers }).useCases
  const reader = new AbortController()
  const reading = elsewhere.waitForRun.execute(world.alice, 'run_01', reader.signal)
  await world.clock.advanceAsync(20 * MINUTE)
  expect(call.signal.aborted).toBe(false)
  reader.abort()
  await reading
  await world.clock.advanceAsync(GRACE)
  expect(call.signal.aborted).toBe(true)
})

test('while nobody can tell who reads, no answer is ended', async () => {
  await world.close()
  const away = (): Promise<never> => Promise.reject(new DomainError('store-unavailable', 'away'))
  const readers: RunReaders = { seen: away, remaining: away }
  world = await createWorld({ replace: () => ({ readers }) })
  await world.conversation()
  const call = await send()
  await world.clock.advanceAsync(20 * MINUTE)
  expect(call.signal.aborted).toBe(false)
  readers.remaining = () => Promise.resolve(0)
  await world.clock.advanceAsync(GRACE)
  expect(call.signal.aborted).toBe(true)
})

test('the grace time is five minutes unless the operator says otherwise', () => {
  expect(loadConfig({}).settings.noReaderGraceMs).toBe(GRACE)
  expect(loadConfig({ NO_READER_GRACE_SECONDS: '30' }).settings.noReaderGraceMs).toBe(30_000)
  expect(() => loadConfig({ NO_READER_GRACE_SECONDS: '0' })).toThrow('NO_READER_GRACE_SECONDS')
})
