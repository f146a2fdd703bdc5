import type { DomainError } from '../../domain/errors.js'
import type { Tier } from '../../domain/limits.js'
import type { Clock, Logger, Meter, Owner, RunPlaces } from '../../domain/ports/index.js'
import { hasRoom, shedFor, type Arrival } from './queue-order.js'
import { overloaded, tooManyAtOnce } from './queue-refusals.js'
import type { LoadSettings, Seat, Turn } from './seat.js'
import { Tally } from './tally.js'

export interface RunQueueDeps {
  readonly places: RunPlaces
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Meter
  readonly settings: { readonly load: LoadSettings }
}

interface Guest {
  readonly arrival: Arrival
  /** Those that came earlier have less. */
  readonly order: number
  state: 'waiting' | 'seated' | 'shed' | 'gone'
  /** Other processes make as many as its owner or tenant may have: milliseconds since 1970. */
  blockedUntil: number
  readonly enteredAt: number
  seatedAt: number
  told: number
  wake: () => void
  onPosition: (position: number) => void
}

/** How often those who wait hear of their place. */
const TELL_MS = 1_000
/** How soon to look again whether other processes have ended what was in the way. */
const BLOCKED_MS = 500
/** What an answer is taken to need before any has ended. */
const FIRST_AVERAGE_MS = 5_000
const WEIGHT_OF_NEWEST = 0.1

/**
 * The answers of this process: so many are made at the same time, so many wait, in the order in which they came. Whoever is
 * kept by the limit of its owner or tenant lets others pass.
 */
export class RunQueue {
  readonly #deps: RunQueueDeps
  readonly #running = new Tally()
  #waiting: Guest[] = []
  #arrivals = 0
  #averageMs = FIRST_AVERAGE_MS
  #cancelTelling: (() => void) | null = null
  #cancelLook: () => void = () => {}

  constructor(deps: RunQueueDeps) {
    this.#deps = deps
  }

  get running(): number {
    return this.#running.running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** What this process makes for an owner and its tenant, and what waits to be made for the owner. */
  count(owner: Owner): { readonly user: number; readonly tenant: number; readonly waiting: number } {
    return {
      user: this.#running.ofOwner(owner),
      tenant: this.#running.ofTenant(owner),
      waiting: this.#waitingOf(owner),
    }
  }

  /** Before anything is counted or stored. @throws as `enter` would now */
  assertRoom(arrival: Arrival): void {
    if (!this.#hasRoom(arrival)) this.#assertMayWait(arrival)
  }

  /** @throws DomainError `overloaded`, `rate-limited` when as many of this owner's wait already as may be made at once */
  enter(arrival: Arrival): Seat {
    const guest: Guest = {
      arrival,
      order: (this.#arrivals += 1),
      ...NEW_GUEST,
      enteredAt: this.#deps.clock.now(),
      wake: () => {},
      onPosition: () => {},
    }
    if (this.#hasRoom(arrival)) this.#seat(guest)
    else this.#queue(guest)
    this.#report()
    return {
      turn: (signal, onPosition) => this.#turn(guest, signal, onPosition),
      leave: () => this.#leave(guest),
    }
  }

  #queue(guest: Guest): void {
    const { arrival } = guest
    this.#assertMayWait(arrival)
    if (this.#isFull()) this.#shed(shedFor(arrival.tier, this.#waiting))
    this.#waiting.push(guest)
  }

  #hasRoom(arrival: Arrival): boolean {
    return hasRoom(arrival, this.#running, this.#deps.settings.load.maxRuns)
  }

  #assertMayWait(arrival: Arrival): void {
    this.#assertFewOfOwner(arrival)
    if (!this.#canWait(arrival.tier)) throw this.#overloaded()
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.#deps.settings.load.maxQueued
  }

  #canWait(tier: Tier): boolean {
    return !this.#isFull() || shedFor(tier, this.#waiting) !== null
  }

  #assertFewOfOwner(arrival: Arrival): void {
    const max = arrival.max.user
    if (max === null) return
    const waiting = this.#waitingOf(arrival)
    if (waiting >= max) throw tooManyAtOnce(max, this.#running.ofOwner(arrival), waiting)
  }

  #waitingOf(owner: Owner): number {
    return this.#waiting.filter(({ arrival }) => isSameOwner(arrival, owner)).length
  }

  #shed(guest: Guest | null): void {
    if (!guest) return
    this.#waiting = this.#waiting.filter((other) => other !== guest)
    guest.state = 'shed'
    guest.wake()
  }

  #seat(guest: Guest): void {
    guest.state = 'seated'
    guest.seatedAt = this.#deps.clock.now()
    this.#running.add(guest.arrival, 1)
    guest.wake()
  }

  async #turn(guest: Guest, signal: AbortSignal, onPosition: (position: number) => void): Promise<Turn> {
    guest.onPosition = onPosition
    const wake = (): void => guest.wake()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        if (guest.state === 'waiting') await this.#wait(guest, signal)
        else if (guest.state !== 'seated' || (await this.#hasPlace(guest))) break
      }
    } finally {
      signal.removeEventListener('abort', wake)
      guest.onPosition = () => {}
    }
    if (guest.state === 'shed') return 'shed'
    if (signal.aborted || guest.state === 'gone') return 'left'
    if (guest.told > 0) onPosition(0)
    this.#deps.meter.observe(
      'queue_wait',
      { tier: guest.arrival.tier },
      this.#deps.clock.now() - guest.enteredAt,
    )
    return 'begin'
  }

  #wait(guest: Guest, signal: AbortSignal): Promise<void> {
    const waiting = new Promise<void>((resolve) => (guest.wake = resolve))
    if (signal.aborted) guest.wake()
    if (guest.told === 0) this.#tell()
    else this.#tellLater()
    return waiting
  }

  /** Asks all processes; one that is refused goes back to where it was in the queue. */
  async #hasPlace(guest: Guest): Promise<boolean> {
    const { arrival } = guest
    if (arrival.max.user === null && arrival.max.tenant === null) return true
    if (await this.#take(arrival)) return true
    if (guest.state !== 'seated') return false
    guest.state = 'waiting'
    guest.blockedUntil = this.#deps.clock.now() + BLOCKED_MS
    this.#running.add(arrival, -1)
    this.#waiting = [...this.#waiting, guest].toSorted((one, other) => one.order - other.order)
    this.#advance()
    return false
  }

  /** A store that is away limits nothing here: whatever is stored already had better be answered. */
  async #take(arrival: Arrival): Promise<boolean> {
    try {
      return await this.#deps.places.take(arrival, arrival.max)
    } catch (error) {
      this.#deps.logger.warn('answers at once could not be counted', { tenantId: arrival.tenantId, error })
      return true
    }
  }

  #leave(guest: Guest): void {
    const { arrival, state } = guest
    guest.state = 'gone'
    guest.wake()
    if (state === 'seated') {
      this.#running.add(arrival, -1)
      this.#learn(this.#deps.clock.now() - guest.seatedAt)
      void this.#deps.places.release(arrival)
    }
    if (state === 'waiting') this.#waiting = this.#waiting.filter((other) => other !== guest)
    if (state === 'seated' || state === 'waiting') this.#advance(arrival)
  }

  #report(): void {
    this.#deps.meter.set('runs_running', this.running)
    this.#deps.meter.set('runs_queued', this.waiting)
  }

  #learn(ms: number): void {
    this.#averageMs += (ms - this.#averageMs) * WEIGHT_OF_NEWEST
  }

  /** Begins what has room now. `ended`: what may have been in the way of others of its tenant is over. */
  #advance(ended?: Arrival): void {
    const now = this.#deps.clock.now()
    const { maxRuns } = this.#deps.settings.load
    const still: Guest[] = []
    for (const guest of this.#waiting) {
      if (ended?.tenantId === guest.arrival.tenantId) guest.blockedUntil = 0
      const mayBegin = guest.blockedUntil <= now && hasRoom(guest.arrival, this.#running, maxRuns)
      if (mayBegin) this.#seat(guest)
      else still.push(guest)
    }
    this.#waiting = still
    this.#report()
    this.#lookLater()
    this.#tellLater()
  }

  #lookLater(): void {
    this.#cancelLook()
    this.#cancelLook = () => {}
    if (!this.#waiting.some(({ blockedUntil }) => blockedUntil > 0)) return
    this.#cancelLook = this.#deps.clock.after(BLOCKED_MS, () => this.#advance())
  }

  #tellLater(): void {
    if (this.#waiting.length === 0) return
    this.#cancelTelling ??= this.#deps.clock.after(TELL_MS, () => this.#tell())
  }

  #tell(): void {
    this.#cancelTelling?.()
    this.#cancelTelling = null
    for (const [index, guest] of this.#waiting.entries()) {
      if (guest.told === index + 1) continue
      guest.told = index + 1
      guest.onPosition(index + 1)
    }
  }

  #overloaded(): DomainError {
    const { maxRuns } = this.#deps.settings.load
    return overloaded({ queued: this.waiting, maxRuns, averageMs: this.#averageMs })
  }
}

const NEW_GUEST = { state: 'waiting', blockedUntil: 0, seatedAt: 0, told: 0 } as const

const isSameOwner = (one: Owner, other: Owner): boolean =>
  one.tenantId === other.tenantId && one.ownerId === other.ownerId
