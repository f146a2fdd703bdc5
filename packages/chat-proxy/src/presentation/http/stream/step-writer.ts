import { formatCursor } from '@colloquy/chat-core/protocol'
import type { FollowStep } from '../../../application/follow-run/follow-run.js'
import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import type { LoggedEvent, RunEvent } from '../../../domain/run-event.js'
import type { Run } from '../../../domain/run.js'
import type { BodyWriter } from './body-writer.js'
import { sseEvent, sseHeartbeat } from './sse-format.js'
import type { StreamFormat } from './stream-format.js'

/** Writes the steps of one run to one reader: what comes together in one piece. */
export class StepWriter {
  readonly #body: BodyWriter
  readonly #format: StreamFormat
  readonly #run: Run
  readonly #dataOf: (event: RunEvent) => string
  #lastSeq: number
  #hasBegun = false

  /** @param after sequence number of the newest event that the reader has */
  constructor(body: BodyWriter, format: StreamFormat, { run, after }: { run: Run; after: number }) {
    this.#body = body
    this.#format = format
    this.#run = run
    this.#dataOf = format.eventsOf(run)
    this.#lastSeq = after
  }

  /** @returns what is to be waited for before the next step, if the reader does not take what is written */
  write(step: FollowStep): Promise<void> | void {
    const text = step.type === 'events' ? this.#eventsOf(step.events) : this.#resyncOf(step.snapshot)
    this.#hasBegun = true
    if (!this.#body.write(text)) return this.#body.drained()
  }

  /** A sign of life; none while the reader does not even take what was written. */
  beat(): void {
    if (!this.#body.isFull) this.#body.write(sseHeartbeat(this.#lastSeq))
  }

  #eventsOf(events: readonly LoggedEvent[]): string {
    let text = ''
    for (const { seq, event } of events) {
      this.#lastSeq = seq
      text += sseEvent(this.#id(), this.#dataOf(event))
    }
    return text
  }

  #resyncOf(snapshot: RunSnapshot): string {
    this.#lastSeq = snapshot.seq
    const events = this.#format.resync(snapshot, this.#hasBegun)
    return events.map((data) => sseEvent(this.#id(), data)).join('')
  }

  /** The place behind what the reader has. */
  #id(): string {
    return formatCursor({ runId: this.#run.id, seq: this.#lastSeq })
  }
}
