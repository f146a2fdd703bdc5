import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { DomainError } from '../domain/errors.js'
import { NO_LIMITS, type Limits } from '../domain/limits.js'
import { ModelError } from '../domain/model-error.js'
import { RunLogUnavailable, type Clock, type RunLog } from '../domain/ports/index.js'
import { tenantOf } from '../domain/tenant.js'
import { SingleModelDirectory } from '../infrastructure/llm/single-model-directory.js'
import { openSqlite, SqlRunPlaces, type SqlDatabase } from '../infrastructure/sql/index.js'
import { FaultPoints, type FaultKind } from '../testing/fault-points.js'
import { expectWhole } from './testing/expect-whole.js'
import { PatientCaller } from './testing/patient-caller.js'
import { answering } from './testing/scripted-model.js'
import { createWorld } from './testing/test-world.js'
import type { Ports } from './use-cases.js'

/*
 * Every call of every port fails once, in every way, in each of the main flows. Whatever it is: the caller gets a documented
 * error and may ask again with the same run id, what was acknowledged is there, every run ends, nothing is half done, no
 * question reaches the model twice, what was set aside is settled, and places are free again.
 */

const WHOLE = 'One two three.'
const PIECES = ['One ', 'two ', 'three.']
const never = new AbortController().signal
const away = (): Error => new DomainError('store-unavailable', 'It is away.', { retryAfter: 1 })
const ioError = (): Error => Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fdatasync' })
const upstream = (): Error => new ModelError('unavailable', 'refused')

/** The ports by the name of what fails, each with fault points in all that can fail. */
const WRAPPED = {
  store: (points, { runs, conversations, personalData }) => ({
    personalData: points.wrap('personalData', personalData, ['isForgotten']),
    runs: points.wrap('runs', runs, [
      'admit',
      'find',
      'findDurable',
      'findActive',
      'checkpoint',
      'renew',
      'end',
      'release',
      'findOrphans',
    ]),
    conversations: points.wrap('conversations', conversations, [
      'create',
      'find',
      'list',
      'update',
      'softDelete',
      'messages',
      'findMessage',
      'findMessages',
      'branch',
    ]),
  }),
  ledger: (points, { ledger }) => ({
    ledger: points.wrap('ledger', ledger, ['reserve', 'extend', 'settle', 'settleAbandoned', 'read']),
  }),
  limiter: (points, { limiter }) => ({ limiter: points.wrap('limiter', limiter, ['take']) }),
  // Giving a place back never fails, whatever its store does: what fails is that.
  places: (points, { clock }, database) => ({
    places: new SqlRunPlaces(points.wrap('places', database, ['quickTransaction']), { owner: 'p_1', clock }),
  }),
  log: (points, { log }) => ({ log: wrapLog(points, log) }),
  signals: (points, { signals }) => ({ signals: points.wrap('signals', signals, ['requestStop']) }),
  readers: (points, { readers }) => ({ readers: points.wrap('readers', readers, ['seen', 'remaining']) }),
  upstream: (points, { models }) => ({
    models: new SingleModelDirectory(
      points.wrap('model', models.usual(tenantOf({ id: 'default' })), ['generate']),
    ),
  }),
} satisfies Record<string, (points: FaultPoints, ports: Ports, database: SqlDatabase) => Partial<Ports>>

const ERRORS: Record<keyof typeof WRAPPED, () => unknown> = {
  store: away,
  ledger: away,
  limiter: away,
  places: away,
  log: () => new RunLogUnavailable(),
  signals: away,
  readers: away,
  upstream,
}

function wrapLog(points: FaultPoints, log: RunLog): RunLog {
  const wrapped = points.wrap('log', log, ['lastSeq', 'conclude'], ['follow'])
  return {
    outlivesWriter: log.outlivesWriter,
    writer: (run) => points.wrap('writer', log.writer(run), ['flush']),
    lastSeq: (run) => wrapped.lastSeq(run),
    follow: (run, after, signal) => wrapped.follow(run, after, signal),
    conclude: (run, after, events) => wrapped.conclude(run, after, events),
    forget: (runs) => log.forget(runs),
  }
}

type Flow = (caller: PatientCaller) => Promise<void>

const FLOWS: Record<string, Flow> = {
  'send, stream, end': async (caller) => {
    caller.world.model.script = answering(...PIECES)
    await caller.send('run_01')
    await caller.read('run_01')
  },
  stop: async (caller) => {
    await caller.send('run_01')
    const [call] = caller.world.model.calls
    call?.say('One ')
    await caller.world.clock.advanceAsync(0)
    await caller.ask(() => caller.world.useCases.stopRun.execute(caller.world.alice, 'run_01', never))
    await caller.read('run_01')
  },
  resume: async (caller) => {
    await caller.send('run_01')
    const call = caller.world.model.calls[0]
    call?.say('One ')
    const reading = caller.read('run_01')
    await caller.world.clock.advanceAsync(0)
    call?.say('two ', 'three.').end()
    await reading
    await caller.read('run_01')
    await caller.ask(() => caller.world.useCases.waitForRun.execute(caller.world.alice, 'run_01', never))
  },
  regenerate: async (caller) => {
    caller.world.model.script = answering(...PIECES)
    const { messageId } = await caller.send('run_01')
    await caller.read('run_01')
    await caller.send('run_02', { regenerate: messageId })
    await caller.read('run_02')
    await caller.ask(() =>
      caller.world.useCases.getConversation.execute(caller.world.alice, { id: 'c_00001', limit: 50 }),
    )
  },
  complete: async (caller) => {
    caller.world.model.script = answering(...PIECES)
    // Where the provider failed, the client is told so.
    await caller
      .complete(WHOLE)
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'model-unavailable' }))
  },
  delete: async (caller) => {
    await caller.send('run_01')
    caller.world.model.calls[0]?.say('One ')
    await caller.world.clock.advanceAsync(0)
    const deleting = caller.ask(() =>
      caller.world.useCases.deleteConversation.execute(caller.world.alice, 'c_00001'),
    )
    // A deletion that was done and whose answer was lost finds nothing the second time.
    await deleting.catch((error: unknown) => expect(error).toMatchObject({ code: 'conversation-not-found' }))
    // Where the wish to stop did not get through, the answer runs on to its own end.
    const call = caller.world.model.calls[0]
    if (call && !call.signal.aborted) call.say('two ', 'three.').end()
  },
}

/** The flow with one call that fails, or none. @returns the calls that were made, by name */
async function play(
  flow: Flow,
  port: keyof typeof WRAPPED,
  fault?: { call: number; kind: FaultKind },
): Promise<readonly string[]> {
  const points = new FaultPoints()
  if (fault) points.fail(fault.call, fault.kind, ERRORS[port])
  await playWith((ports, database) => WRAPPED[port](points, ports, database), flow)
  return points.calls
}

/** A database in a file, on a disk that refuses once, whatever is written to it. */
class FaultyDisk {
  readonly points = new FaultPoints()
  readonly #folder: string
  readonly #disk = this.points.wrap('disk', { sync: () => Promise.resolve() }, ['sync'])
  #usable: Promise<void> = Promise.resolve()
  #isUsable = (): void => {}

  constructor(folder: string) {
    this.#folder = folder
  }

  async open(now: () => number): Promise<SqlDatabase> {
    const file = join(await mkdtemp(join(this.#folder, 'disk-')), 'chat.db')
    return openSqlite({ file, now, sync: () => this.#disk.sync(), onChange: (is) => this.#change(is) })
  }

  /** Resolves when it takes what is written to it. */
  usable(): Promise<void> {
    return this.#usable
  }

  #change(isUsable: boolean): void {
    if (isUsable) this.#isUsable()
    else this.#usable = new Promise((resolve) => (this.#isUsable = resolve))
  }
}

/** A clock that somebody sets to another time when it is asked for the `call`-th time. */
class LeapingClock implements Clock {
  calls = 0
  readonly #clock: Clock
  readonly #leap: { readonly call: number; readonly ms: number }

  constructor(clock: Clock, leap: { readonly call: number; readonly ms: number }) {
    this.#clock = clock
    this.#leap = leap
  }

  now(): number {
    this.calls += 1
    return this.#clock.now() + (this.calls < this.#leap.call ? 0 : this.#leap.ms)
  }

  after(ms: number, task: () => void): () => void {
    return this.#clock.after(ms, task)
  }

  soon(task: () => void): void {
    this.#clock.soon(task)
  }
}

/** @returns how often the clock was asked */
async function playInLeapingTime(flow: Flow, call: number, ms: number): Promise<number> {
  const clocks: LeapingClock[] = []
  await playWith(({ clock }) => {
    const leaping = new LeapingClock(clock, { call, ms })
    clocks.push(leaping)
    return { clock: leaping }
  }, flow)
  return clocks[0]?.calls ?? 0
}

/** Limits that nobody meets here, so that everything is counted. */
const LIMITS: Limits = {
  ...NO_LIMITS,
  messagesPerDay: { user: 100 },
  tokensPerDay: { user: 1_000_000, tenant: 1_000_000 },
  moneyPerMonth: { user: null, tenant: 1_000_000_000 },
  runsAtOnce: { user: 2, tenant: 2 },
}

async function playWith(
  replace: (ports: Ports, database: SqlDatabase) => Partial<Ports>,
  flow: Flow,
  disk?: FaultyDisk,
): Promise<void> {
  const world = await createWorld({
    replace,
    tenant: { limits: LIMITS },
    ...(disk && { openDatabase: (now) => disk.open(now) }),
  })
  // As with a second process, or places would be counted in memory alone.
  vi.spyOn(world.database, 'isShared').mockReturnValue(true)
  const { recoverOrphans, settleAbandoned, generations } = world.useCases
  settleAbandoned.start()
  recoverOrphans.start()
  try {
    const caller = new PatientCaller(world, () => disk?.usable() ?? Promise.resolve())
    await caller.ask(() => world.conversation())
    await flow(caller)
    await disk?.usable()
    // Places that could not be given back run out.
    await world.clock.advanceAsync(6_000)
    await expectWhole(caller, WHOLE)
  } finally {
    await recoverOrphans.stop()
    await settleAbandoned.stop()
    const drained = generations.drain(0)
    await world.clock.advanceAsync(4_000)
    await drained
    await world.close()
  }
}

const CASES = Object.keys(FLOWS).flatMap((flow) =>
  // The keys of a constant.
  (Object.keys(WRAPPED) as (keyof typeof WRAPPED)[]).map((port) => [flow, port] as const),
)

/** What every flow needs; answers may end before they have a reader, and those that are no runs have no log. */
const ALWAYS: ReadonlySet<keyof typeof WRAPPED> = new Set(['store', 'limiter', 'places', 'upstream'])

const HOUR = 3_600_000

describe('one call that fails', () => {
  test.each(CASES)('in the flow "%s", of port %s, whichever and however', async (name, port) => {
    const flow = FLOWS[name]
    if (!flow) throw new Error('The flows are listed above.')
    const calls = await play(flow, port)
    // Only two flows ask for a stop, and an answer may end before it has a reader; all else has something to break everywhere.
    if (port === 'signals') expect(calls.length > 0).toBe(name === 'stop' || name === 'delete')
    else if (port === 'ledger') expect(calls.length > 0).toBe(name === 'complete')
    else if (ALWAYS.has(port) || name === 'resume') expect(calls).not.toHaveLength(0)
    for (let call = 1; call <= calls.length; call += 1) {
      for (const kind of ['refused', 'lost'] as const) {
        await play(flow, port, { call, kind }).catch((error: unknown) => {
          throw new Error(`call ${call} of ${calls.length}, ${calls[call - 1]}, ${kind}`, { cause: error })
        })
      }
    }
  })

  test.each(['send, stream, end', 'stop', 'complete'])('in the flow "%s", of the disk', async (name) => {
    const flow = FLOWS[name] ?? expect.fail()
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-faults-'))
    const playOn = async (call: number): Promise<number> => {
      const disk = new FaultyDisk(folder)
      disk.points.fail(call, 'refused', ioError)
      await playWith(() => ({}), flow, disk)
      return disk.points.calls.length
    }
    const calls = await playOn(Infinity)
    expect(calls).toBeGreaterThan(1)
    // A process that cannot keep its key does not start.
    await expect(playOn(1)).rejects.toMatchObject({ code: 'store-unavailable' })
    for (let call = 2; call <= calls; call += 1) {
      await playOn(call).catch((error: unknown) => {
        throw new Error(`sync ${call} of ${calls}`, { cause: error })
      })
    }
    await rm(folder, { recursive: true })
  })

  test.each(Object.entries(FLOWS))(
    'in the flow "%s", a clock that is set an hour on or back',
    async (_, flow) => {
      const calls = await playInLeapingTime(flow, Infinity, 0)
      for (let call = 1; call <= calls; call += 1) {
        for (const ms of [HOUR, -HOUR]) {
          await playInLeapingTime(flow, call, ms).catch((error: unknown) => {
            throw new Error(`call ${call} of ${calls}, ${ms} ms`, { cause: error })
          })
        }
      }
    },
  )
})
