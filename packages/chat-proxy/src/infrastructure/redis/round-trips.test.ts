import { beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../time/testing/fake-clock.js'
import { RoundTrips, type Passenger } from './round-trips.js'
import type { Append } from './run-streams.js'

/** A run with so many events; `told` is what it heard. */
class Run implements Passenger {
  readonly told: unknown[] = []
  readonly #id: string
  #left: number

  constructor(id: string, events = 1) {
    this.#id = id
    this.#left = events
  }

  write(events = 1): void {
    this.#left += events
  }

  board(limit: number): Append | null {
    const count = Math.min(limit, this.#left)
    this.#left -= count
    if (count === 0) return null
    const event = { seq: 1, event: { type: 'closed' as const } }
    return {
      run: { tenantId: 't', runId: this.#id },
      token: this.#id,
      events: Array.from({ length: count }, () => event),
    }
  }

  arrived(newest: number | null): void {
    this.told.push(newest)
  }

  failed(cause: unknown): void {
    this.told.push(cause instanceof Error ? cause.message : cause)
  }

  goOn(): void {
    this.told.push('go on')
  }
}

describe('RoundTrips', () => {
  let clock: FakeClock
  let trips: RoundTrips
  /** Who was aboard of each, with how many events. */
  let made: string[]
  /** Ends the oldest trip that is under way. */
  let answers: {
    readonly resolve: (all: (number | null | Error)[]) => void
    readonly reject: (error: Error) => void
  }[]

  beforeEach(() => {
    clock = new FakeClock()
    made = []
    answers = []
    trips = new RoundTrips((appends) => {
      made.push(appends.map(({ token, events }) => `${token}:${events.length}`).join(' '))
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    }, clock)
  })

  const arrive = async (...all: (number | null | Error)[]): Promise<void> => {
    answers.shift()?.resolve(all)
    await clock.advanceAsync(0)
  }

  test('what many runs append in one turn goes together, and what comes meanwhile goes with the next', async () => {
    const [a, b, c] = [new Run('a'), new Run('b', 2), new Run('c')]
    trips.join(a)
    trips.join(b)
    await clock.advanceAsync(0)
    trips.join(c)
    a.write()
    trips.join(a)
    await clock.advanceAsync(0)
    expect(made).toEqual(['a:1 b:2'])
    await arrive(1, 2)
    expect(made).toEqual(['a:1 b:2', 'c:1 a:1'])
    expect([a.told, b.told, c.told]).toEqual([[1], [2], []])
    await arrive(1, 2)
    expect([a.told, c.told, made.length, clock.pending]).toEqual([[1, 2], [1], 2, 0])
  })

  test('a trip carries 256 events at most, and everybody has a turn before anybody has two', async () => {
    const [long, short] = [new Run('long', 600), new Run('short')]
    trips.join(long)
    trips.join(short)
    await clock.advanceAsync(0)
    trips.join(long)
    await arrive(256)
    trips.join(long)
    await arrive(1, 511)
    expect(made).toEqual(['long:256', 'short:1 long:255', 'long:89'])
  })

  test('one that is refused, or taken by somebody else, stops nobody', async () => {
    const [a, b, c] = [new Run('a'), new Run('b'), new Run('c')]
    for (const each of [a, b, c]) trips.join(each)
    await clock.advanceAsync(0)
    await arrive(new Error('WRONGTYPE'), null, 1)
    expect([a.told, b.told, c.told]).toEqual([['WRONGTYPE'], [null], [1]])
  })

  test('a trip that fails fails for all aboard, and the next goes', async () => {
    const [a, b, c] = [new Run('a'), new Run('b'), new Run('c')]
    trips.join(a)
    trips.join(b)
    await clock.advanceAsync(0)
    trips.join(c)
    answers.shift()?.reject(new Error('away'))
    await clock.advanceAsync(0)
    expect([a.told, b.told, made]).toEqual([['away'], ['away'], ['a:1 b:1', 'c:1']])
  })

  test('after 10 ms nobody waits any more, those behind it included, until it is back', async () => {
    const [a, b] = [new Run('a'), new Run('b')]
    trips.join(a)
    await clock.advanceAsync(4)
    trips.join(b)
    await clock.advanceAsync(5)
    expect([trips.isSilent, a.told, b.told]).toEqual([false, [], []])
    await clock.advanceAsync(1)
    expect([trips.isSilent, a.told, b.told]).toEqual([true, ['go on'], ['go on']])
    await clock.advanceAsync(500)
    await arrive(1)
    expect(trips.isSilent, 'it is waited for again').toBe(false)
    await clock.advanceAsync(9)
    expect(trips.isSilent).toBe(false)
    await clock.advanceAsync(1)
    expect(trips.isSilent).toBe(true)
  })

  test('who came while a trip was under way waits 10 ms in all, not 10 ms more', async () => {
    const [a, b] = [new Run('a'), new Run('b')]
    trips.join(a)
    await clock.advanceAsync(1)
    trips.join(b)
    await clock.advanceAsync(8)
    await arrive(1)
    await clock.advanceAsync(1)
    expect(b.told).toEqual([])
    await clock.advanceAsync(1)
    expect(b.told).toEqual(['go on'])
  })

  test('who leaves is not taken along', async () => {
    const [a, b] = [new Run('a'), new Run('b')]
    trips.join(a)
    trips.join(b)
    trips.leave(a)
    await clock.advanceAsync(0)
    expect(made).toEqual(['b:1'])
  })
})
