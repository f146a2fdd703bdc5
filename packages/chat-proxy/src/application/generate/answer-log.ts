import type { FinishReason } from '@colloquy/chat-core/protocol'
import type { RunLogWriter } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import type { AnnouncedEnd } from './store-end.js'

/** One answer as events in the log of its run. Opens and closes its parts as what the model sends requires. */
export class AnswerLog {
  readonly #writer: RunLogWriter
  #hasText = false
  #isReasoning = false
  #lastSeq = 0

  constructor(writer: RunLogWriter) {
    this.#writer = writer
  }

  /** Sequence number of the newest event. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  open({ conversationId, userMessageId, messageId }: Run, about: { model: string; title: string }): void {
    this.#append({ type: 'opened', model: about.model })
    this.#append({ type: 'identified', conversationId, userMessageId, messageId, title: about.title })
  }

  reasoning(text: string): void {
    if (!this.#isReasoning) this.#append({ type: 'reasoning-start' })
    this.#isReasoning = true
    this.#append({ type: 'reasoning-delta', text })
  }

  text(text: string): void {
    this.#endReasoning()
    if (!this.#hasText) this.#append({ type: 'text-start' })
    this.#hasText = true
    this.#append({ type: 'text-delta', text })
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

  #append(event: Parameters<RunLogWriter['append']>[0]): void {
    this.#lastSeq = this.#writer.append(event)
  }
}
