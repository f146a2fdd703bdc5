import type { Clock } from '../../domain/ports/clock.js'
import type { Append } from './run-streams.js'

/** A run that has events for Redis. */
export interface Passenger {
  /** The next of what Redis lacks, at most `limit` events, which are sent now; `null` when it lacks nothing. */
  board(limit: number): Append | null
  /** Redis has answered: as `RunStreams.append`. */
  arrived(newest: number | null): void
  /** It got no answer, or this one run was refused. */
  failed(cause: unknown): void
  /** Redis is silent: readers in this process no longer wait for it. */
  goOn(): void
}

/** What became of each, in their order. @throws Error that befell all of them */
export type Carry = (appends: readonly Append[]) => Promise<readonly (number | null | Error)[]>

/** Events in one round trip, of all runs together; one that takes longer would hold up everybody else's. */
const MOST_EVENTS = 256
/**
 * Milliseconds for which the readers of this process wait for Redis. A piece of text is nowhere held back for more than 25, and on a busy
 * machine the timer itself comes late.
 */
const PATIENCE_MS = 10

/**
 * Carries what the runs of this process append to Redis. One round trip is under way at a time, for all of them, and the next
 * takes all that came meanwhile: nothing waits while Redis keeps up, and trips grow when it does not.
 */
export class RoundTrips {
  readonly #carry: Carry
  readonly #clock: Clock
  /** Since when each has something, in milliseconds of the clock. */
  readonly #waiting = new Map<Passenger, number>()
  #aboard: readonly Boarded[] = []
  #isRunning = false
  #isSilent = false

  constructor(carry: Carry, clock: Clock) {
    this.#carry = carry
    this.#clock = clock
  }

  /** The trip under way has had no answer for so long that nobody waits for it. */
  get isSilent(): boolean {
    return this.#isSilent
  }

  /** Takes it along at the end of this turn, with all that is appended until then, or when the trip under way is back. */
  join(passenger: Passenger): void {
    if (!this.#waiting.has(passenger)) this.#waiting.set(passenger, this.#clock.now())
    if (this.#isRunning) return
    this.#isRunning = true
    this.#clock.soon(() => void this.#run())
  }

  leave(passenger: Passenger): void {
    this.#waiting.delete(passenger)
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      this.#aboard = this.#board()
      if (this.#aboard.length > 0) await this.#travel(this.#aboard)
    }
    this.#isRunning = false
  }

  /** In the order in which they came. */
  #board(): readonly Boarded[] {
    const boarded: Boarded[] = []
    let room = MOST_EVENTS
    for (const [passenger, since] of this.#waiting) {
      if (room === 0) break
      this.#waiting.delete(passenger)
      const append = passenger.board(room)
      if (!append) continue
      room -= append.events.length
      boarded.push({ passenger, append, since })
    }
    return boarded
  }

  async #travel(boarded: readonly Boarded[]): Promise<void> {
    const cancel = this.#watch(boarded)
    const tell = await this.#carry(boarded.map(({ append }) => append)).then(tellEach, tellAll)
    this.#end(cancel)
    boarded.forEach(({ passenger }, index) => tell(passenger, index))
  }

  /** @returns the way to end it */
  #watch(boarded: readonly Boarded[]): () => void {
    // Who boards first has waited longest. A clock that leaps makes nobody wait longer.
    const waited = this.#clock.now() - (boarded[0]?.since ?? 0)
    const patience = Math.min(PATIENCE_MS, Math.max(0, PATIENCE_MS - waited))
    // The answer may be there already and only unread, because this process had much to do: it is read before the verdict.
    return this.#clock.after(patience, () =>
      setImmediate(() => this.#aboard === boarded && this.#fallSilent()),
    )
  }

  #fallSilent(): void {
    this.#isSilent = true
    for (const { passenger } of this.#aboard) passenger.goOn()
    for (const passenger of this.#waiting.keys()) passenger.goOn()
  }

  #end(cancel: () => void): void {
    cancel()
    this.#aboard = []
    if (!this.#isSilent) return
    this.#isSilent = false
    // Nobody has waited for what they have until now.
    for (const passenger of this.#waiting.keys()) this.#waiting.set(passenger, this.#clock.now())
  }
}

interface Boarded {
  readonly passenger: Passenger
  readonly append: Append
  readonly since: number
}

type Tell = (passenger: Passenger, index: number) => void

const tellEach =
  (answers: Awaited<ReturnType<Carry>>): Tell =>
  (passenger, index) => {
    const answer = answers[index]
    if (answer instanceof Error) passenger.failed(answer)
    else passenger.arrived(answer ?? null)
  }

const tellAll =
  (cause: unknown): Tell =>
  (passenger) =>
    passenger.failed(cause)
