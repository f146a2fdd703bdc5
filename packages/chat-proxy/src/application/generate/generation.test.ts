import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { ModelError, type ModelErrorCode } from '../../domain/model-error.js'
import type { RunRepository } from '../../domain/ports/index.js'
import type { OpenAttempt, RunAttempt } from '../../domain/run-attempt.js'
import { CHECKPOINT_MS, SOON_MS } from './checkpoints.js'
import { LEASE_MS } from './leases.js'
import { answering, USAGE, type ScriptedCall } from '../testing/scripted-model.js'
import { FaultPoints } from '../../testing/fault-points.js'
import { createWorld, type World, type WorldOptions } from '../testing/test-world.js'

const UNDER_WAY: OpenAttempt = {
  provider: 'scripted',
  model: 'scripted-1',
  outcome: null,
  status: null,
  usage: null,
  startedAt: 1,
  endedAt: null,
}

const never = new AbortController().signal

let world: World
const build = async (options?: WorldOptions): Promise<void> => {
  world = await createWorld(options)
  await world.conversation()
}
beforeEach(() => build())
afterEach(() => world.close())

const send = (content = 'Hello?', runId = 'run_01') =>
  world.useCases.sendMessage.execute(world.alice, { conversationId: 'c_00001', content, runId })

const stored = async () => {
  const owner = { tenantId: 'default', ownerId: 'v_alice' }
  const run = await world.ports.runs.find(owner, 'run_01')
  const message = await world.ports.conversations.findMessage(owner, run?.messageId ?? '')
  return { run, message }
}

describe('a run that completes', () => {
  test('has its events in the log in the order of the contract, numbered without gaps', async () => {
    world.model.script = answering('Hel', 'lo.')
    const { run } = await send()
    await world.ended(run.id)
    const events = await world.events(run.id)
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(events.map(({ event }) => event)).toEqual([
      { type: 'opened', model: 'scripted-1' },
      {
        type: 'identified',
        conversationId: 'c_00001',
        userMessageId: run.userMessageId,
        messageId: run.messageId,
        title: 'Hello?',
      },
      { type: 'text-start' },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo.' },
      { type: 'text-end', finishReason: 'stop' },
      { type: 'ended', status: 'completed', usage: USAGE, error: null, finishReason: 'stop' },
      { type: 'closed' },
    ])
  })

  test('is stored with text, usage, model and the number of its last event', async () => {
    world.model.script = answering('Hel', 'lo.')
    await world.ended((await send()).run.id)
    const { run, message } = await stored()
    expect(run).toMatchObject({
      status: 'completed',
      usage: USAGE,
      model: 'scripted-1',
      error: null,
      lastSeq: 8,
    })
    expect(message).toMatchObject({ status: 'completed', content: 'Hello.', usage: USAGE, runId: 'run_01' })
  })

  test('lets go of what the model was shown with the first word, and not before', async () => {
    const { model } = world
    const shown: (readonly string[])[] = []
    const generate = model.generate.bind(model)
    model.generate = (request, sink, signal) => {
      const answered = generate(request, sink, signal)
      const look = (): void => void shown.push(request.messages.map(({ content }) => content))
      model.calls.at(-1)?.think('Hm').meanwhile(look).say('Hel').meanwhile(look).end()
      return answered
    }
    await world.ended((await send()).run.id)
    expect(shown).toEqual([['Be brief.', 'Hello?'], []])
  })

  test('shows the model the system prompt and the newest messages of the branch', async () => {
    await world.close()
    await build({ settings: { context: { messages: 3, tokens: 16_000, summarise: false } } })
    await world.answered('one', ['1'], { runId: 'run_a1' })
    await world.answered('two', ['2'], { runId: 'run_a2' })
    await send('three')
    const call = await world.model.nextCall()
    expect(call.request.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'two' },
      { role: 'assistant', content: '2' },
      { role: 'user', content: 'three' },
    ])
    call.say('3').end()
    await world.ended('run_01')
  })

  test('leaves no timer and no listener behind', async () => {
    world.model.script = answering('Hello.')
    await world.ended((await send()).run.id)
    // What remains is the log's own retention.
    expect(world.clock.pending).toBe(1)
  })
})

describe('the end', () => {
  test('is durable before it is in the log', async () => {
    let statusInLogAtEnd: string | undefined
    await world.close()
    await build({
      replace: ({ runs, log }) => ({
        runs: wrap(runs, {
          async end(ref, end, event) {
            statusInLogAtEnd = String(await log.lastSeq(ref))
            return runs.end(ref, end, event)
          },
        }),
      }),
    })
    world.model.script = answering('Hello.')
    await world.ended((await send()).run.id)
    // opened, identified, text-start, one delta, text-end: `ended` and `closed` were not there yet.
    expect(statusInLogAtEnd).toBe('5')
    expect(await world.events('run_01')).toHaveLength(7)
  })

  test('is tried again when the store fails, and told once', async () => {
    let failures = 2
    await world.close()
    await build({
      replace: ({ runs }) => ({
        runs: wrap(runs, {
          async end(ref, end, event) {
            if (failures-- > 0) throw new Error('disk full')
            return runs.end(ref, end, event)
          },
        }),
      }),
    })
    world.model.script = answering('Hello.')
    await send()
    await world.clock.advanceAsync(5_000)
    expect((await stored()).message).toMatchObject({ status: 'completed', content: 'Hello.' })
    const types = (await world.events('run_01')).map(({ event }) => event.type)
    expect(types.filter((type) => type === 'ended')).toHaveLength(1)
  })

  test('reaches readers as a failure when it cannot be stored at all', async () => {
    await world.close()
    await build({
      replace: ({ runs }) => ({ runs: wrap(runs, { end: () => Promise.reject(new Error('disk full')) }) }),
    })
    world.model.script = answering('Hello.')
    await send()
    await world.clock.advanceAsync(10_000)
    expect((await world.events('run_01')).at(-2)?.event).toMatchObject({
      type: 'ended',
      status: 'failed',
      error: { code: 'internal', retryable: true },
    })
    await expect(world.ended('run_01')).rejects.toMatchObject({ code: 'store-unavailable' })
  })

  describe('while the store is away', () => {
    let isAway = true
    const away = () => Promise.reject(new DomainError('store-unavailable', 'Away.'))
    beforeEach(async () => {
      isAway = true
      await world.close()
      await build({
        replace: ({ runs }) => ({
          runs: wrap(runs, { end: (...end) => (isAway ? away() : runs.end(...end)) }),
        }),
      })
      world.model.script = answering('Hello.')
      await send()
    })

    test('waits for it for minutes, and is told whole and once', async () => {
      await world.clock.advanceAsync(300_000)
      expect((await stored()).run).toMatchObject({ endedAt: null })
      isAway = false
      await world.clock.advanceAsync(2_000)
      expect((await stored()).message).toMatchObject({ status: 'completed', content: 'Hello.', usage: USAGE })
      expect((await world.events('run_01')).at(-2)?.event).toMatchObject({
        type: 'ended',
        status: 'completed',
      })
    })

    test('is a failure after ten minutes', async () => {
      await world.clock.advanceAsync(700_000)
      expect((await world.events('run_01')).at(-2)?.event).toMatchObject({ type: 'ended', status: 'failed' })
    })

    test('keeps no process that goes away', async () => {
      await world.clock.advanceAsync(10_000)
      const drained = world.useCases.generations.drain(0)
      await world.clock.advanceAsync(0)
      await drained
      expect((await world.events('run_01')).at(-2)?.event).toMatchObject({ type: 'ended', status: 'failed' })
    })
  })

  test('that somebody else wrote first is the one that is told', async () => {
    await send()
    const call = await world.model.nextCall()
    world.clock.skip(LEASE_MS)
    await world.boot().useCases.recoverOrphans.execute()
    call.say('too late').end()
    expect(await world.ended('run_01')).toMatchObject({ status: 'interrupted', content: '' })
    await world.clock.advanceAsync(0)
    expect((await world.events('run_01')).at(-2)?.event).toMatchObject({
      type: 'ended',
      status: 'interrupted',
    })
  })
})

describe('failures', () => {
  const CASES: readonly [ModelErrorCode, string, boolean][] = [
    ['unavailable', 'upstream_unavailable', true],
    ['timeout-connect', 'upstream_timeout_connect', true],
    ['timeout-first-token', 'upstream_timeout_first_token', true],
    ['timeout-between-tokens', 'upstream_timeout_between_tokens', true],
    ['rejected', 'upstream_rejected', false],
    ['broken', 'upstream_broken', true],
    ['aborted', 'internal', true],
  ]
  test.each(CASES)('of kind %s are %s, with the partial text kept', async (code, expected, retryable) => {
    world.model.script = (call) => call.say('Half an ans').fail(new ModelError(code, 'secret upstream words'))
    await send()
    const message = await world.ended('run_01')
    expect(message).toMatchObject({
      status: 'failed',
      content: 'Half an ans',
      error: { code: expected, retryable },
    })
    expect(JSON.stringify(await world.events('run_01'))).not.toContain('secret upstream words')
    expect((await world.events('run_01')).map(({ event }) => event.type)).not.toContain('text-end')
  })

  test('by a timeout tell what it was that did not come, each in its own words', async () => {
    const codes = ['timeout-connect', 'timeout-first-token', 'timeout-between-tokens'] as const
    const told = new Set<string>()
    for (const [index, code] of codes.entries()) {
      world.model.script = (call) => call.fail(new ModelError(code, 'for the log'))
      const { run } = await send('Hello?', `run_t${index}`)
      const message = await world.ended(run.id)
      const [ended] = (await world.events(run.id)).slice(-2)
      expect(ended?.event).toMatchObject({ type: 'ended', error: message.error })
      told.add(message.error?.message ?? '')
    }
    expect(told.size).toBe(codes.length)
  })

  test.each([
    ['unavailable', 12_300, 13],
    ['unavailable', 0, 0],
    ['unavailable', 400 * 86_400_000, 86_400],
    ['unavailable', undefined, undefined],
    ['rejected', 12_000, undefined],
  ] as const)(
    'of kind %s after which to wait %s ms say so in seconds: %s',
    async (code, retryAfter, told) => {
      const asked = retryAfter === undefined ? {} : { retryAfter }
      world.model.script = (call) => call.fail(new ModelError(code, 'for the log', asked))
      await send()
      const { error } = await world.ended('run_01')
      expect(error?.retry_after).toBe(told)
      expect((await stored()).run?.error).toEqual(error)
      expect((await world.events('run_01')).at(-2)?.event).toMatchObject({ type: 'ended', error })
    },
  )

  test('an answer without a word is a failure', async () => {
    world.model.script = (call) => call.end()
    await send()
    expect(await world.ended('run_01')).toMatchObject({
      status: 'failed',
      error: { code: 'upstream_broken' },
    })
  })

  describe('to find a question that had to wait', () => {
    /** One answer at a time, and another question is answered first. */
    const buildQueue = (branch: () => Promise<never[]>) =>
      build({
        settings: { load: { maxRuns: 1, maxQueued: 10 } },
        replace: ({ conversations }) => ({
          conversations: new Proxy(conversations, {
            get: (target, key) => {
              if (key === 'branch') return branch
              const value: unknown = Reflect.get(target, key, target)
              return typeof value === 'function' ? value.bind(target) : value
            },
          }),
        }),
      })
    const waitInTurn = async (): Promise<void> => {
      const calls: ScriptedCall[] = []
      world.model.script = (call) => void calls.push(call)
      await world.conversation('c_00000')
      const first = { conversationId: 'c_00000', content: 'First?', runId: 'run_00' }
      await world.useCases.sendMessage.execute(world.alice, first)
      await send()
      await expect.poll(() => calls.length).toBe(1)
      calls[0]?.say('First.').end('stop', USAGE)
    }

    test.each<[string, () => Promise<never[]>]>([
      ['which is not there any more', () => Promise.resolve([])],
      ['while the store is away', () => Promise.reject(new Error('boom'))],
    ])('%s, end the run, and the model is not asked for nothing', async (_, branch) => {
      await world.close()
      await buildQueue(branch)
      await waitInTurn()
      expect(await world.ended('run_01')).toMatchObject({ status: 'failed', error: { code: 'internal' } })
      expect(world.model.calls).toHaveLength(1)
    })
  })

  test('to read what was said before refuse the question, and nothing is stored', async () => {
    await world.close()
    await build({
      replace: ({ conversations }) => {
        const points = new FaultPoints()
        points.fail(1, 'refused', () => new Error('boom'))
        return { conversations: points.wrap('conversations', conversations, ['branch']) }
      },
    })
    world.model.script = answering('Hello.')
    await world.ended((await send('One?', 'run_00')).run.id)
    await expect(send()).rejects.toThrow('boom')
    expect(await world.ports.runs.find({ tenantId: 'default', ownerId: 'v_alice' }, 'run_01')).toBeNull()
    expect(world.model.calls).toHaveLength(1)
  })
})

describe('progress', () => {
  test('is stored soon after the model is asked and after its first word, and then once a second', async () => {
    let checkpoints = 0
    await world.close()
    await build({
      replace: ({ runs }) => ({
        runs: wrap(runs, {
          checkpoint(updates) {
            checkpoints += updates.length
            return runs.checkpoint(updates)
          },
        }),
      }),
    })
    await send()
    const call = await world.model.nextCall()
    call.begin(UNDER_WAY)
    await world.clock.advanceAsync(SOON_MS)
    expect((await stored()).message).toMatchObject({ status: 'streaming', content: '' })
    call.say('a')
    await world.clock.advanceAsync(SOON_MS)
    expect((await stored()).message?.content).toBe('a')
    for (let i = 0; i < 100; i += 1) {
      call.say('b')
      await world.clock.advanceAsync(0)
    }
    expect(checkpoints).toBe(2)
    await world.clock.advanceAsync(CHECKPOINT_MS)
    expect((await stored()).message?.content).toHaveLength(101)
    await world.clock.advanceAsync(10 * CHECKPOINT_MS)
    expect(checkpoints).toBe(3)
    call.end()
    await world.ended('run_01')
  })

  test('is not stored of an answer that is whole before the next round', async () => {
    let checkpoints = 0
    await world.close()
    await build({
      replace: ({ runs }) => ({
        runs: wrap(runs, {
          async checkpoint(updates) {
            checkpoints += updates.length
            return []
          },
        }),
      }),
    })
    world.model.script = answering('Hel', 'lo.')
    await world.ended((await send()).run.id)
    await world.clock.advanceAsync(10 * CHECKPOINT_MS)
    expect(checkpoints).toBe(0)
  })

  test('that cannot be stored does not disturb the answer', async () => {
    await world.close()
    await build({
      replace: ({ runs }) => ({ runs: wrap(runs, { checkpoint: () => Promise.reject(new Error('busy')) }) }),
    })
    await send()
    const call = await world.model.nextCall()
    call.say('Hel')
    await world.clock.advanceAsync(CHECKPOINT_MS)
    call.say('lo.')
    await world.clock.advanceAsync(CHECKPOINT_MS)
    call.end()
    expect(await world.ended('run_01')).toMatchObject({ status: 'completed', content: 'Hello.' })
  })
})

describe('stopping', () => {
  test('ends the model and keeps the partial text', async () => {
    await send()
    const call = await world.model.nextCall()
    call.say('Half')
    const run = await world.useCases.stopRun.execute(world.alice, 'run_01', never)
    expect(call.signal.aborted).toBe(true)
    expect(run).toMatchObject({ status: 'stopped', error: null })
    expect((await stored()).message).toMatchObject({ status: 'stopped', content: 'Half' })
    expect((await world.events('run_01')).map(({ event }) => event.type)).toEqual([
      'opened',
      'identified',
      'text-start',
      'text-delta',
      'ended',
      'closed',
    ])
  })

  test('twice, or after the end, changes nothing', async () => {
    world.model.script = answering('Hello.')
    await send()
    await world.ended('run_01')
    for (const _ of [1, 2]) {
      const run = await world.useCases.stopRun.execute(world.alice, 'run_01', never)
      expect(run.status).toBe('completed')
    }
    expect(await world.events('run_01')).toHaveLength(7)
  })

  test('somebody else’s run is not found', async () => {
    await send()
    const call = await world.model.nextCall()
    await expect(world.useCases.stopRun.execute(world.bob, 'run_01', never)).rejects.toMatchObject({
      code: 'run-not-found',
    })
    expect(call.signal.aborted).toBe(false)
    call.say('x').end()
    await world.ended('run_01')
  })

  test('happens by itself when the conversation is deleted', async () => {
    await send()
    const call = await world.model.nextCall()
    await world.useCases.deleteConversation.execute(world.alice, 'c_00001')
    expect(call.signal.aborted).toBe(true)
  })
})

describe('draining', () => {
  test('admits nothing and lets running answers finish', async () => {
    await send()
    const call = await world.model.nextCall()
    let drained = false
    const drain = world.useCases.generations.drain(10_000).then(() => (drained = true))
    await expect(send('More?', 'run_02')).rejects.toMatchObject({ code: 'shutting-down' })
    await world.clock.advanceAsync(9_000)
    expect(drained).toBe(false)
    call.say('Done.').end()
    await drain
    expect((await stored()).message).toMatchObject({ status: 'completed', content: 'Done.' })
  })

  test('cuts off what is still running after the grace time, with the text kept', async () => {
    await send()
    const call = await world.model.nextCall()
    call.say('Half')
    const drain = world.useCases.generations.drain(10_000)
    await world.clock.advanceAsync(10_000)
    await drain
    expect((await stored()).message).toMatchObject({
      status: 'interrupted',
      content: 'Half',
      error: { code: 'interrupted', retryable: true },
    })
  })

  test('still attaches to a run that is there', async () => {
    await send()
    const call = await world.model.nextCall()
    const drain = world.useCases.generations.drain(10_000)
    await expect(send()).resolves.toMatchObject({ admitted: false })
    call.say('x').end()
    await drain
  })

  test('waits for an admission that is under way', async () => {
    let letThrough: () => void = () => {}
    await world.close()
    await build({
      replace: ({ runs }) => ({
        runs: wrap(runs, {
          async admit(admission) {
            await new Promise<void>((resolve) => (letThrough = resolve))
            return runs.admit(admission)
          },
        }),
      }),
    })
    const sent = send()
    await world.clock.advanceAsync(0)
    const drain = world.useCases.generations.drain(0)
    await world.clock.advanceAsync(0)
    letThrough()
    await sent
    await drain
    expect((await stored()).run).toMatchObject({ status: 'interrupted' })
  })
})

describe('the lease of a run that has ended', () => {
  const endedWith = async (outlivesWriter: boolean) => {
    let releases = 0
    await world.close()
    await build({
      replace: ({ runs, log }) => ({
        log: Object.defineProperty(log, 'outlivesWriter', { value: outlivesWriter }),
        runs: wrap(runs, {
          release(refs) {
            releases += 1
            return runs.release(refs)
          },
        }),
      }),
    })
    world.model.script = answering('Hello.')
    await world.ended((await send()).run.id)
    await world.clock.advanceAsync(0)
    world.clock.skip(LEASE_MS)
    return { releases, orphans: await world.ports.runs.findOrphans() }
  }

  test('is given up with the end where nobody else could read its log', async () => {
    expect(await endedWith(false)).toEqual({ releases: 0, orphans: [] })
  })

  test('is kept until a log that others read has been told the end', async () => {
    expect(await endedWith(true)).toEqual({ releases: 1, orphans: [] })
  })
})

describe('after a crash', () => {
  test('orphaned runs end as interrupted, with the text of the last checkpoint', async () => {
    await send()
    const call = await world.model.nextCall()
    call.say('Half an ')
    await world.clock.advanceAsync(SOON_MS)
    world.clock.skip(LEASE_MS)
    const { useCases } = world.boot()
    await useCases.recoverOrphans.execute()
    expect((await stored()).message).toMatchObject({
      status: 'interrupted',
      content: 'Half an ',
      error: { code: 'interrupted' },
    })
    await useCases.recoverOrphans.execute()
    expect((await stored()).run).toMatchObject({ status: 'interrupted' })
  })

  /** Ends what the process left, at the time when its lease has run out. */
  const afterItsDeath = async () => {
    world.clock.skip(LEASE_MS)
    const foundAt = world.clock.now()
    await world.boot().useCases.recoverOrphans.execute()
    return { foundAt, attempts: (await stored()).run?.attempts }
  }

  test('every call of a provider stands on the run, also the one that was under way', async () => {
    const failed: RunAttempt = {
      ...UNDER_WAY,
      outcome: 'unavailable',
      status: 503,
      endedAt: UNDER_WAY.startedAt + 5,
    }
    await send()
    const call = await world.model.nextCall()
    call.begin(UNDER_WAY).attempt(failed)
    await world.clock.advanceAsync(SOON_MS)
    expect((await stored()).run?.attempts).toEqual([failed])
    call.begin({ ...UNDER_WAY, model: 'other' })
    await world.clock.advanceAsync(SOON_MS)
    call.begin({ ...UNDER_WAY, model: 'other', status: 200 })
    await world.clock.advanceAsync(1_000)
    const { foundAt, attempts } = await afterItsDeath()
    expect(attempts).toEqual([
      failed,
      { ...UNDER_WAY, model: 'other', outcome: 'interrupted', status: 200, endedAt: foundAt },
    ])
    expect((await stored()).run).toMatchObject({ model: 'other' })
  })

  test('the call of a model that had not said a word stands there as well', async () => {
    await send()
    const call = await world.model.nextCall()
    call.begin(UNDER_WAY)
    await world.clock.advanceAsync(SOON_MS)
    const { foundAt, attempts } = await afterItsDeath()
    expect(attempts).toEqual([{ ...UNDER_WAY, outcome: 'interrupted', endedAt: foundAt }])
  })
})

/** The repository with some methods replaced. */
function wrap(runs: RunRepository, changes: Partial<RunRepository>): RunRepository {
  return {
    admit: (...args) => runs.admit(...args),
    find: (...args) => runs.find(...args),
    findDurable: (...args) => runs.findDurable(...args),
    findActive: (...args) => runs.findActive(...args),
    checkpoint: (...args) => runs.checkpoint(...args),
    renew: (...args) => runs.renew(...args),
    end: (...args) => runs.end(...args),
    release: (...args) => runs.release(...args),
    findOrphans: () => runs.findOrphans(),
    ...changes,
  }
}

describe('what the model thinks', () => {
  const typesOf = async (): Promise<string[]> => (await world.events('run_01')).map(({ event }) => event.type)

  test('is in the log apart from the text, and no part of the answer', async () => {
    world.model.script = (call) => call.think('Hm, ', 'well. ').say('Yes.').end()
    await send()
    expect(await world.ended('run_01')).toMatchObject({ content: 'Yes.' })
    expect((await world.events('run_01')).map(({ event }) => event).slice(2, 8)).toEqual([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'Hm, ' },
      { type: 'reasoning-delta', text: 'well. ' },
      { type: 'reasoning-end' },
      { type: 'text-start' },
      { type: 'text-delta', text: 'Yes.' },
    ])
  })

  test('between two words and after the last one leaves the text open', async () => {
    world.model.script = (call) => call.say('Yes').think('Sure?').say('.').think('Done.').end()
    await send()
    await world.ended('run_01')
    expect(await typesOf()).toEqual([
      'opened',
      'identified',
      'text-start',
      'text-delta',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-delta',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-end',
      'ended',
      'closed',
    ])
  })

  test('is open at the end when the answer broke off in it', async () => {
    world.model.script = (call) => call.think('Hm').fail(new ModelError('broken', 'broken'))
    await send()
    await world.ended('run_01')
    expect((await typesOf()).slice(2)).toEqual(['reasoning-start', 'reasoning-delta', 'ended', 'closed'])
  })
})
