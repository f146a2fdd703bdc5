import type { Clock } from '../../domain/ports/clock.js'
import { RunLogTakenOver, type RunLogWriter } from '../../domain/ports/run-log.js'
import type { RunEvent } from '../../domain/run-event.js'
import { EventBuffer } from './event-buffer.js'

/** Writes the log of one run, which readers see as it is written. */
export class MemoryRunWriter implements RunLogWriter {
  readonly buffer: EventBuffer
  readonly #onClosed: (seq: number) => void
  #isTakenOver = false
  /** Appended after somebody else ended the log. */
  #lost = 0

  /** @param onClosed called once, with the number of the last event */
  constructor(clock: Clock, onClosed: (seq: number) => void) {
    this.buffer = new EventBuffer(clock)
    this.#onClosed = onClosed
  }

  append(event: RunEvent): number {
    return this.#isTakenOver ? this.buffer.lastSeq + ++this.#lost : this.#write(event)
  }

  flush(): Promise<void> {
    return this.#isTakenOver ? Promise.reject(new RunLogTakenOver()) : Promise.resolve()
  }

  /** These are its last events; whoever has written it until now does so no longer. */
  conclude(events: readonly RunEvent[]): void {
    this.#isTakenOver = true
    for (const event of events) this.#write(event)
  }

  #write(event: RunEvent): number {
    const seq = this.buffer.append(event)
    this.buffer.release(seq)
    if (event.type === 'closed') this.#onClosed(seq)
    return seq
  }
}
