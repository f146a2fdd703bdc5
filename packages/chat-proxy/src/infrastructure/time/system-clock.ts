import type { Clock } from '../../domain/ports/clock.js'
import { TurnEnd } from './turn-end.js'

/** The longest delay a Node timer takes; anything above it would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** The machine's own time. Timers are unref'd: waiting never keeps the process alive. */
export class SystemClock implements Clock {
  readonly #soon = new TurnEnd()

  now(): number {
    return Date.now()
  }

  after(ms: number, task: () => void): () => void {
    if (ms > LONGEST_TIMER) return this.#afterLong(ms, task)
    const timer = setTimeout(task, ms).unref()
    return () => clearTimeout(timer)
  }

  soon(task: () => void): void {
    this.#soon.add(task)
  }

  #afterLong(ms: number, task: () => void): () => void {
    let cancel = this.after(LONGEST_TIMER, () => {
      cancel = this.after(ms - LONGEST_TIMER, task)
    })
    return () => cancel()
  }
}
