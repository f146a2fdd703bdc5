interface Timer {
  at: number
  readonly every: number | null
  readonly task: () => void
}

const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, now: Date.now }

/** Time of the page, moved by the test. Promises and frames go on by themselves. */
export class FakeClock {
  #now = REAL.now()
  #next = 1_000_000_000
  readonly #timers = new Map<number, Timer>()

  constructor() {
    const set =
      (repeats: boolean) =>
      (task: () => void, delay = 0): number => {
        this.#next += 1
        this.#timers.set(this.#next, { at: this.#now + delay, every: repeats ? delay : null, task })
        return this.#next
      }
    const clear = (id: number | undefined): void => void (id !== undefined && this.#timers.delete(id))
    Date.now = () => this.#now
    Object.assign(globalThis, {
      setTimeout: set(false),
      setInterval: set(true),
      clearTimeout: clear,
      clearInterval: clear,
    })
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves time on, and runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let due = this.#earliest(end); due; due = this.#earliest(end)) {
      const [id, timer] = due
      this.#now = timer.at
      if (timer.every === null) this.#timers.delete(id)
      else timer.at += timer.every
      timer.task()
    }
    this.#now = end
  }

  restore(): void {
    const { now, ...timers } = REAL
    Date.now = now
    Object.assign(globalThis, timers)
  }

  #earliest(end: number): [number, Timer] | undefined {
    return [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at)[0]
  }
}
