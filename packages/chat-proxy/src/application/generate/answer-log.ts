import type { FinishReason } from '@colloquy/chat-core/protocol'
import type { Clock, RunLogWriter } from '../../domain/ports/index.js'
import type { RunEvent } from '../../domain/run-event.js'
import type { Run } from '../../domain/run.js'
import type { AnnouncedEnd } from './store-end.js'

/**
 * One answer as events in the log of its run. Opens and closes its parts as what the model sends requires.
 *
 * Pieces that come in one turn of the event loop, as the many of one network read do, become one event: under pressure there
 * are fewer events and not a longer queue, and nothing ever waits for a timer.
 */
export class AnswerLog {
  readonly #writer: RunLogWriter
  readonly #clock: Clock
  readonly #flushPending = (): void => this.#flush()
  #hasText = false
  #isReasoning = false
  #lastSeq = 0
  /** What came in this turn and is not in the log yet. */
  #pending: { readonly type: 'text-delta' | 'reasoning-delta'; text: string } | null = null

  constructor(writer: RunLogWriter, clock: Clock) {
    this.#writer = writer
    this.#clock = clock
  }

  /** Sequence number of the newest event, with all that came until now in the log. */
  get lastSeq(): number {
    this.#flush()
    return this.#lastSeq
  }

  open({ conversationId, userMessageId, messageId }: Run, about: { model: string; title: string }): void {
    this.#append({ type: 'opened', model: about.model })
    this.#append({ type: 'identified', conversationId, userMessageId, messageId, title: about.title })
  }

  /** It has to wait; 0: no longer. */
  queued(position: number): void {
    this.#append({ type: 'queued', position })
  }

  reasoning(text: string): void {
    if (!this.#isReasoning) this.#append({ type: 'reasoning-start' })
    this.#isReasoning = true
    this.#collect('reasoning-delta', text)
  }

  text(text: string): void {
    this.#endReasoning()
    if (!this.#hasText) this.#append({ type: 'text-start' })
    this.#hasText = true
    this.#collect('text-delta', text)
  }

  /** The answer came to its own end. */
  endText(finishReason: FinishReason): void {
    this.#endReasoning()
    this.#append({ type: 'text-end', finishReason })
  }

  /** @throws what `RunLogWriter.flush` throws */
  close(end: AnnouncedEnd, finishReason: FinishReason | null): Promise<void> {
    const { status, usage, error } = end
    this.#append({ type: 'ended', status, usage, error, ...(finishReason && { finishReason }) })
    this.#append({ type: 'closed' })
    return this.#writer.flush()
  }

  #endReasoning(): void {
    if (this.#isReasoning) this.#append({ type: 'reasoning-end' })
    this.#isReasoning = false
  }

  #collect(type: 'text-delta' | 'reasoning-delta', text: string): void {
    if (this.#pending?.type === type) {
      this.#pending.text += text
      return
    }
    this.#flush()
    this.#pending = { type, text }
    this.#clock.soon(this.#flushPending)
  }

  #flush(): void {
    const pending = this.#pending
    this.#pending = null
    if (pending) this.#lastSeq = this.#writer.append(pending)
  }

  #append(event: RunEvent): void {
    this.#flush()
    this.#lastSeq = this.#writer.append(event)
  }
}
