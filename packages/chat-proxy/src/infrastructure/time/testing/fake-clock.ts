import type { Clock } from '../../../domain/ports/clock.js'
import { TurnEnd } from '../turn-end.js'

interface Appointment {
  readonly at: number
  readonly order: number
  readonly task: () => void
}

/** A clock that stands still until a test moves it. Tasks run in order of time, then in the order they were made. */
export class FakeClock implements Clock {
  #now: number
  #made = 0
  readonly #appointments = new Set<Appointment>()
  readonly #soon = new TurnEnd()

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  /** How many tasks are waiting; 0 at the end of a test means that nothing was left armed. */
  get pending(): number {
    return this.#appointments.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, task: () => void): () => void {
    const appointment = { at: this.#now + ms, order: this.#made++, task }
    this.#appointments.add(appointment)
    return () => void this.#appointments.delete(appointment)
  }

  soon(task: () => void): void {
    this.#soon.add(task)
  }

  /** Moves time on and runs what falls due, also what those tasks arm themselves. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next; next = this.#next(end)) this.#run(next)
    this.#now = end
  }

  /** Like `advance`, but lets promises settle before and after every task, so that code which awaits a timer can arm the next. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#run(next)
      await settled()
    }
    this.#now = end
  }

  /** Moves time on while this process does nothing, as when its machine sleeps: what fell due runs with the next `advance`. */
  skip(ms: number): void {
    this.#now += ms
  }

  #next(end: number): Appointment | undefined {
    return [...this.#appointments]
      .filter(({ at }) => at <= end)
      .toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
  }

  #run(appointment: Appointment): void {
    this.#appointments.delete(appointment)
    this.#now = Math.max(this.#now, appointment.at)
    appointment.task()
  }
}

/** Some turns of the event loop: what needs no timer has settled, also where things are collected for a turn and done at once. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
