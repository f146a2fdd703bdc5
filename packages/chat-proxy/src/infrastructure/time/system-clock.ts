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
    let timer: NodeJS.Timeout
    const arm = (left: number): void => {
      const step = Math.min(left, LONGEST_TIMER)
      timer = setTimeout(() => (left > step ? arm(left - step) : task()), step).unref()
    }
    arm(ms)
    return () => clearTimeout(timer)
  }

  soon(task: () => void): void {
    this.#soon.add(task)
  }
}
