import { beforeEach, describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import type { Tier } from '../../domain/limits.js'
import { NO_METER, type Gauge, type ProviderGauge, type RunPlaces } from '../../domain/ports/index.js'
import { PinoLogger } from '../../infrastructure/logging/pino-logger.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import type { Arrival } from './queue-order.js'
import { RunQueue } from './run-queue.js'
import type { Seat, Turn } from './seat.js'

let clock: FakeClock
let places: RunPlaces
/** Answers of other processes. */
let elsewhere: number
let arrivals: number
let gauges: Partial<Record<Gauge | ProviderGauge, number>>
beforeEach(() => {
  clock = new FakeClock()
  elsewhere = 0
  arrivals = 0
  gauges = {}
  places = {
    take: async (_place, max) => elsewhere < (max.user ?? Infinity),
    count: async () => ({ user: 0, tenant: 0 }),
    release: async () => {},
    close: async () => {},
  }
})

const open = (maxRuns: number, maxQueued: number) =>
  new RunQueue({
    places,
    clock,
    logger: new PinoLogger({ level: 'silent' }),
    meter: { ...NO_METER, set: (gauge: Gauge | ProviderGauge, value) => void (gauges[gauge] = value) },
    settings: { load: { maxRuns, maxQueued } },
  })

interface Who {
  readonly ownerId?: string
  readonly tier?: Tier
  readonly user?: number | null
  readonly tenant?: number | null
}

interface Visit {
  readonly seat: Seat
  readonly told: number[]
  readonly abort: AbortController
  turn: Turn | null
}

function arrival({ ownerId, tier = 'free', user = null, tenant = null }: Who): Arrival {
  arrivals += 1
  const id = `run_${arrivals}`
  return { tenantId: 't', ownerId: ownerId ?? id, id, tier, max: { user, tenant } }
}

function enter(queue: RunQueue, who: Who = {}): Visit {
  const seat = queue.enter(arrival(who))
  const visit: Visit = { seat, told: [], abort: new AbortController(), turn: null }
  void seat
    .turn(visit.abort.signal, (position) => visit.told.push(position))
    .then((turn) => (visit.turn = turn))
  return visit
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

const turnsOf = async (visits: readonly Visit[]) => {
  await settled()
  return visits.map(({ turn }) => turn)
}

const thrownBy = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}

describe('as many as may be made at once', () => {
  test('begin, and the others wait in the order in which they came', async () => {
    const queue = open(2, 10)
    const visits = Array.from({ length: 5 }, () => enter(queue))
    expect(await turnsOf(visits)).toEqual(['begin', 'begin', null, null, null])
    expect(visits.map(({ told }) => told)).toEqual([[], [], [1], [2], [3]])
    visits[1]?.seat.leave()
    expect(await turnsOf(visits)).toEqual(['begin', 'begin', 'begin', null, null])
    clock.advance(1_000)
    expect(visits.map(({ told }) => told)).toEqual([[], [], [1, 0], [2, 1], [3, 2]])
  })

  test('leave once, however often they are told to', async () => {
    const queue = open(1, 10)
    const visits = Array.from({ length: 3 }, () => enter(queue))
    await settled()
    visits[0]?.seat.leave()
    visits[0]?.seat.leave()
    expect(await turnsOf(visits)).toEqual(['begin', 'begin', null])
    expect([queue.running, queue.waiting]).toEqual([1, 1])
    expect(gauges).toEqual({ runs_running: 1, runs_queued: 1 })
  })

  test('whoever does not want to wait any more leaves the queue', async () => {
    const queue = open(1, 10)
    const visits = Array.from({ length: 3 }, () => enter(queue))
    await settled()
    visits[1]?.abort.abort()
    expect(await turnsOf(visits)).toEqual(['begin', 'left', null])
    visits[1]?.seat.leave()
    clock.advance(1_000)
    expect(visits[2]?.told).toEqual([2, 1])
  })
})

describe('a full queue', () => {
  test('refuses with the time after which there may be room', () => {
    const queue = open(2, 2)
    for (let index = 0; index < 4; index += 1) enter(queue)
    for (const ask of [() => enter(queue), () => queue.assertRoom(arrival({}))]) {
      const refusal = thrownBy(ask)
      expect(refusal).toBeInstanceOf(DomainError)
      // Two places for three more, at five seconds each.
      expect(refusal).toMatchObject({ code: 'overloaded', retryAfter: 8 })
    }
  })

  test('makes room for a higher tier: of the lowest, the newest goes', async () => {
    const queue = open(1, 3)
    const visits = (['enterprise', 'free', 'pro', 'free'] as const).map((tier) => enter(queue, { tier }))
    visits.push(enter(queue, { tier: 'pro' }))
    expect(await turnsOf(visits)).toEqual(['begin', null, null, 'shed', null])
    visits.push(enter(queue, { tier: 'enterprise' }))
    expect(await turnsOf(visits)).toEqual(['begin', 'shed', null, 'shed', null, null])
    expect(thrownBy(() => enter(queue, { tier: 'pro' }))).toMatchObject({ code: 'overloaded' })
    expect(thrownBy(() => queue.assertRoom(arrival({ tier: 'enterprise' })))).toBeNull()
    expect(queue.waiting).toBe(3)
  })

  test('of one person is told before anything is counted', () => {
    const queue = open(10, 10)
    const who = { ownerId: 'v_alice', user: 1 }
    enter(queue, who)
    expect(thrownBy(() => queue.assertRoom(arrival(who)))).toBeNull()
    enter(queue, who)
    for (const ask of [() => enter(queue, who), () => queue.assertRoom(arrival(who))])
      expect(thrownBy(ask)).toMatchObject({ code: 'rate-limited', limit: { name: 'runs_at_once' } })
    expect(thrownBy(() => queue.assertRoom(arrival({ user: 1 })))).toBeNull()
  })

  test('of length nothing lets nobody wait', async () => {
    const queue = open(1, 0)
    const visit = enter(queue)
    expect(thrownBy(() => enter(queue, { tier: 'enterprise' }))).toMatchObject({ code: 'overloaded' })
    visit.seat.leave()
    expect(await turnsOf([enter(queue)])).toEqual(['begin'])
  })
})

describe('a limit of one owner or one tenant', () => {
  test('lets others pass', async () => {
    const queue = open(10, 10)
    const alice = Array.from({ length: 3 }, () => enter(queue, { ownerId: 'alice', user: 2 }))
    const bob = enter(queue, { ownerId: 'bob', user: 2 })
    expect(await turnsOf([...alice, bob])).toEqual(['begin', 'begin', null, 'begin'])
    bob.seat.leave()
    expect(await turnsOf(alice)).toEqual(['begin', 'begin', null])
    alice[0]?.seat.leave()
    expect(await turnsOf(alice)).toEqual(['begin', 'begin', 'begin'])
  })

  test('of the tenant counts all its owners', async () => {
    const queue = open(10, 10)
    const visits = Array.from({ length: 3 }, () => enter(queue, { tenant: 2 }))
    expect(await turnsOf(visits)).toEqual(['begin', 'begin', null])
  })

  test('keeps one owner from filling the queue', () => {
    const queue = open(10, 10)
    for (let index = 0; index < 4; index += 1) enter(queue, { ownerId: 'alice', user: 2 })
    const refusal = thrownBy(() => enter(queue, { ownerId: 'alice', user: 2 }))
    expect(refusal).toMatchObject({
      code: 'rate-limited',
      limit: {
        name: 'runs_at_once',
        scope: 'user',
        max: 2,
        used: 2,
        waiting: 2,
        remaining: 0,
        resetsAt: null,
      },
    })
    enter(queue, { ownerId: 'bob', user: 2 })
  })
})

describe('answers of other processes', () => {
  test('keep an owner waiting in its place, until one of them ends', async () => {
    const queue = open(1, 10)
    elsewhere = 2
    const alice = enter(queue, { user: 2 })
    const bob = enter(queue, { user: 3 })
    const carol = enter(queue)
    expect(await turnsOf([alice, bob, carol])).toEqual([null, 'begin', null])
    clock.advance(1_000)
    expect([alice.told.at(-1), carol.told.at(-1)]).toEqual([1, 2])
    bob.seat.leave()
    elsewhere = 1
    clock.advance(500)
    expect(await turnsOf([alice, carol])).toEqual(['begin', null])
  })

  test('are not counted while the store is away', async () => {
    const queue = open(1, 10)
    places = { ...places, take: () => Promise.reject(new DomainError('store-unavailable', 'Away.')) }
    const away = open(1, 10)
    expect(await turnsOf([enter(away, { user: 1 })])).toEqual(['begin'])
    expect(queue.running).toBe(0)
  })
})
