import { afterEach, describe, expect, test, vi } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { RunLogUnavailable, type RunLog } from '../../domain/ports/index.js'
import { MemoryRunLog } from '../../infrastructure/memory/memory-run-log.js'
import { MemoryRunSignals } from '../../infrastructure/memory/memory-run-signals.js'
import { FaultPoints } from '../../testing/fault-points.js'
import { SOON_MS } from '../generate/checkpoints.js'
import { LEASE_MS } from '../generate/leases.js'
import { answering, USAGE } from '../testing/scripted-model.js'
import { createWorld, type World, type WorldOptions } from '../testing/test-world.js'
import { stepsOf } from '../testing/steps-of.js'

let world: World
afterEach(() => world.close())

/** Processes that share the store, the log and the signals. `breakLog` gives one of them a log that fails. */
const build = async (
  replace: WorldOptions['replace'] = () => ({}),
  breakLog: (log: RunLog) => RunLog = (log) => log,
): Promise<void> => {
  let log: RunLog | null = null
  const signals = new MemoryRunSignals()
  world = await createWorld({
    replace: (ports, database) => {
      log ??= breakLog(new MemoryRunLog({ clock: ports.clock }))
      return { log, signals, ...replace({ ...ports, log }, database) }
    },
  })
  await world.conversation()
}
const send = () =>
  world.useCases.sendMessage.execute(world.alice, {
    conversationId: 'c_00001',
    content: 'Hello?',
    runId: 'run_01',
  })
const owner = { tenantId: 'default', ownerId: 'v_alice' }
const stored = async () => {
  const run = await world.ports.runs.find(owner, 'run_01')
  const message = await world.ports.conversations.findMessage(owner, run?.messageId ?? '')
  return { run, message }
}
const unavailable = () => new DomainError('store-unavailable', 'away')

describe('several processes', () => {
  test('a living run is never taken, however long it takes and however quiet it is', async () => {
    await build()
    await send()
    const call = await world.model.nextCall()
    const other = world.boot().useCases.recoverOrphans
    other.start()
    await world.clock.advanceAsync(60_000)
    call.say('Done.').end('stop', USAGE)
    expect(await world.ended('run_01')).toMatchObject({ status: 'completed', content: 'Done.' })
    await other.stop()
  })

  test('the run of a process that died ends within two seconds, with every word that was in the log', async () => {
    await build()
    await send()
    const call = await world.model.nextCall()
    call.say('Half ')
    await world.clock.advanceAsync(0)
    call.say('an ans')
    await world.clock.advanceAsync(0)
    const reader = world.useCases.followRun.execute(world.alice, {
      runId: 'run_01',
      cursor: null,
      signal: new AbortController().signal,
    })
    // The process stands still from here on.
    world.clock.skip(LEASE_MS)
    await world.boot().useCases.recoverOrphans.execute()
    expect(await stored()).toMatchObject({
      run: { status: 'interrupted', lastSeq: (await world.events('run_01')).length },
      message: { content: 'Half an ans', error: { code: 'interrupted', retryable: true } },
    })
    const types: string[] = []
    for await (const step of stepsOf(await reader))
      if (step.type === 'events') types.push(...step.events.map(({ event }) => event.type))
    expect(types.slice(-2)).toEqual(['ended', 'closed'])
  })

  test('the process that was taken for dead lets go of its model', async () => {
    await build()
    await send()
    const call = await world.model.nextCall()
    world.clock.skip(LEASE_MS)
    await world.boot().useCases.recoverOrphans.execute()
    expect(call.signal.aborted).toBe(false)
    await world.clock.advanceAsync(400)
    expect(call.signal.aborted).toBe(true)
    expect(await stored()).toMatchObject({ run: { status: 'interrupted' } })
    expect((await world.events('run_01')).filter(({ event }) => event.type === 'ended')).toHaveLength(1)
  })

  test('a process that is only late does not end its own runs', async () => {
    await build()
    await send()
    const call = await world.model.nextCall()
    world.clock.skip(10 * LEASE_MS)
    await world.useCases.recoverOrphans.execute()
    call.say('Done.').end()
    expect(await world.ended('run_01')).toMatchObject({ status: 'completed' })
  })

  /** Milliseconds within the time between two looks for orphans, also where that is a lease. */
  const MOMENTS = Array.from({ length: LEASE_MS / 100 }, (_, index) => index * 100)

  test.each(MOMENTS)(
    'after the store was away the living renew before anybody is judged: %i ms after a look',
    async (moment) => {
      let isAway = false
      await build(({ runs }) => ({
        runs: new Proxy(new FaultPoints().wrap('runs', runs, []), {
          get: (target, key) =>
            isAway && (key === 'findOrphans' || key === 'renew')
              ? () => Promise.reject(unavailable())
              : Reflect.get(target, key),
        }),
      }))
      await send()
      const call = await world.model.nextCall()
      const other = world.boot().useCases.recoverOrphans
      other.start()
      isAway = true
      await world.clock.advanceAsync(10 * LEASE_MS + moment)
      isAway = false
      await world.clock.advanceAsync(3 * LEASE_MS)
      call.say('Done.').end()
      expect(await world.ended('run_01')).toMatchObject({ status: 'completed' })
      await other.stop()
    },
  )

  test.each(MOMENTS)('after all stood still they do so, too: %i ms after a look', async (moment) => {
    await build()
    await send()
    const call = await world.model.nextCall()
    const other = world.boot().useCases.recoverOrphans
    other.start()
    await world.clock.advanceAsync(moment)
    world.clock.skip(30_000)
    await world.clock.advanceAsync(3 * LEASE_MS)
    call.say('Done.').end()
    expect(await world.ended('run_01')).toMatchObject({ status: 'completed' })
    await other.stop()
  })

  test('after all stood still one that does not go on is found', async () => {
    await build()
    await send()
    const other = world.boot().useCases.recoverOrphans
    other.start()
    await world.clock.advanceAsync(0)
    vi.spyOn(world.ports.runs, 'renew').mockRejectedValue(unavailable())
    world.clock.skip(30_000)
    await world.clock.advanceAsync(2 * LEASE_MS)
    expect(await stored()).toMatchObject({ run: { status: 'interrupted' } })
    await other.stop()
  })
})

describe('what a crash can leave', () => {
  test('an end that is stored and not in the log is told there, with the text that is missing', async () => {
    await build(undefined, (log) => {
      const closing = new Set(['text-delta', 'text-end', 'ended', 'closed'])
      return {
        outlivesWriter: true,
        // A writer whose process dies before the end of the answer reaches the log.
        writer: (run) => {
          const writer = log.writer(run)
          let seq = 0
          return {
            append: (event) => (closing.has(event.type) ? ++seq : (seq = writer.append(event))),
            flush: () => Promise.reject(new RunLogUnavailable()),
          }
        },
        lastSeq: (run) => log.lastSeq(run),
        follow: (run, after, signal) => log.follow(run, after, signal),
        conclude: (run, after, events) => log.conclude(run, after, events),
        forget: (runs) => log.forget(runs),
      }
    })
    world.model.script = answering('Hel', 'lo.')
    await send()
    await world.clock.advanceAsync(0)
    expect(await stored()).toMatchObject({ run: { status: 'completed' }, message: { content: 'Hello.' } })
    world.clock.skip(LEASE_MS)
    await world.boot().useCases.recoverOrphans.execute()
    const events = await world.events('run_01')
    expect(events.flatMap(({ event }) => (event.type === 'text-delta' ? [event.text] : [])).join('')).toBe(
      'Hello.',
    )
    expect(events.at(-2)?.event).toMatchObject({ type: 'ended', status: 'completed', usage: USAGE })
    expect(await world.ports.runs.findOrphans()).toEqual([])
  })

  test('an end that was told and not stored is stored as it was told, with the text of the log', async () => {
    let isBroken = true
    await build(({ runs }) => ({
      runs: new Proxy(new FaultPoints().wrap('runs', runs, []), {
        get: (target, key) =>
          isBroken && key === 'end' ? () => Promise.reject(unavailable()) : Reflect.get(target, key),
      }),
    }))
    world.model.script = answering('Hel', 'lo.')
    await send()
    await world.clock.advanceAsync(700_000)
    expect(await stored()).toMatchObject({ run: { endedAt: null } })
    isBroken = false
    world.clock.skip(LEASE_MS)
    await world.useCases.recoverOrphans.execute()
    expect(await stored()).toMatchObject({
      run: { status: 'failed', error: { code: 'internal' } },
      message: { content: 'Hello.' },
    })
  })

  test('a run ends also while the log is away, and its log is seen to when it is back', async () => {
    let isAway = false
    const away = <T>(call: () => Promise<T>): Promise<T> =>
      isAway ? Promise.reject(new RunLogUnavailable()) : call()
    await build(undefined, (log) => ({
      outlivesWriter: true,
      writer: (run) => log.writer(run),
      lastSeq: (run) => away(() => log.lastSeq(run)),
      follow: (run, after, signal) => log.follow(run, after, signal),
      conclude: (run, after, events) => away(() => log.conclude(run, after, events)),
      forget: (runs) => log.forget(runs),
    }))
    await send()
    const call = await world.model.nextCall()
    call.say('Half')
    await world.clock.advanceAsync(SOON_MS)
    isAway = true
    world.clock.skip(LEASE_MS)
    const { recoverOrphans } = world.boot().useCases
    await recoverOrphans.execute()
    expect(await stored()).toMatchObject({ run: { status: 'interrupted' }, message: { content: 'Half' } })
    isAway = false
    await recoverOrphans.execute()
    expect((await world.events('run_01')).at(-2)?.event).toMatchObject({
      type: 'ended',
      status: 'interrupted',
    })
    expect(await world.ports.runs.findOrphans()).toEqual([])
  })

  test('hundreds of runs end in a few transactions and one go', async () => {
    await build()
    const runIds = Array.from({ length: 250 }, (_, index) => `run_${index}`)
    for (const runId of runIds) {
      const sent = { conversationId: await world.conversation(`c_${runId}`), content: 'Hello?', runId }
      await world.useCases.sendMessage.execute(world.alice, sent)
    }
    world.clock.skip(LEASE_MS)
    const transactions = ['priority', 'upkeep'] as const
    const done = transactions.map((name) => vi.spyOn(world.database, name))
    await world.boot().useCases.recoverOrphans.execute()
    // 100 at a time: their ends, and their leases.
    expect(done.map(({ mock }) => mock.calls.length)).toEqual([3, 3])
    for (const runId of runIds)
      expect(await world.ports.runs.find(owner, runId)).toMatchObject({ status: 'interrupted' })
    expect(await world.ports.runs.findOrphans()).toEqual([])
  })

  test('nothing is left to recover after a run that ended well', async () => {
    await build()
    world.model.script = answering('Hello.')
    await send()
    await world.ended('run_01')
    await world.clock.advanceAsync(0)
    world.clock.skip(LEASE_MS)
    expect(await world.ports.runs.findOrphans()).toEqual([])
  })
})
