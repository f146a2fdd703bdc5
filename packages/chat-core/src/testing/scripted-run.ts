import {
  formatCursor,
  type ChatCompletionChunk,
  type RunError,
  type RunStatus,
  type WireRun,
} from '../protocol/index.js'
import type { Platform } from '../platform/platform.js'
import { isTerminal } from '../run/apply-event.js'

/** One SSE event of the log, framed as the proxy frames it. */
export interface LoggedFrame {
  readonly seq: number
  readonly text: string
}

/** A run of the scripted proxy: a log that grows by the platform's clock. */
export class ScriptedRun {
  readonly log: LoggedFrame[] = []
  readonly #readers = new Set<() => void>()
  status: RunStatus = 'queued'
  content = ''
  /** Why it ended, where it did not complete. */
  error: RunError | null = null

  constructor(
    readonly ids: { runId: string; conversationId: string; userMessageId: string; messageId: string },
    readonly digest: string,
    private readonly platform: Platform,
  ) {
    this.#append({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] })
    this.#append({ choices: [], colloquy: { ...this.#extension(), title: 'A title' } })
  }

  /** Streams `words`, one every `gapMs` milliseconds, then completes. */
  generate(words: readonly string[], gapMs: number): void {
    const [word, ...rest] = words
    if (isTerminal(this.status)) return
    this.platform.after(gapMs, () => {
      if (isTerminal(this.status)) return
      if (word === undefined) return this.end('completed')
      this.status = 'streaming'
      this.content += word
      this.#append({ choices: [{ index: 0, delta: { content: word }, finish_reason: null }] })
      this.generate(rest, gapMs)
    })
  }

  end(status: RunStatus, error?: RunError): void {
    if (isTerminal(this.status)) return
    if (status === 'completed') this.#append({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
    this.#append({ choices: [], usage, colloquy: { ...this.#extension(), status, ...(error && { error }) } })
    this.status = status
    this.error = error ?? null
    this.#push('[DONE]')
  }

  /** A snapshot frame for readers whose cursor is unknown. */
  resync(): LoggedFrame {
    const seq = this.log.length
    const status = isTerminal(this.status) ? { status: this.status } : {}
    const chunk = this.#chunk({
      choices: [],
      colloquy: { ...this.#extension(), ...status, resync: { content: this.content } },
    })
    return { seq, text: this.#frame(seq, JSON.stringify(chunk)) }
  }

  wire(): WireRun {
    return {
      id: this.ids.runId,
      conversation_id: this.ids.conversationId,
      user_message_id: this.ids.userMessageId,
      message_id: this.ids.messageId,
      status: this.status,
      model: 'scripted',
      usage: null,
      error: this.error,
      created_at: new Date(0).toISOString(),
      ended_at: null,
      cursor: formatCursor({ runId: this.ids.runId, seq: this.log.length }),
    }
  }

  onAppend(reader: () => void): () => void {
    this.#readers.add(reader)
    return () => this.#readers.delete(reader)
  }

  #extension(): NonNullable<ChatCompletionChunk['colloquy']> {
    return {
      run_id: this.ids.runId,
      conversation_id: this.ids.conversationId,
      user_message_id: this.ids.userMessageId,
      message_id: this.ids.messageId,
    }
  }

  #chunk(part: Omit<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>): ChatCompletionChunk {
    return { id: this.ids.runId, object: 'chat.completion.chunk', created: 0, model: 'scripted', ...part }
  }

  #append(part: Omit<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>): void {
    this.#push(JSON.stringify(this.#chunk(part)))
  }

  #push(data: string): void {
    const seq = this.log.length + 1
    this.log.push({ seq, text: this.#frame(seq, data) })
    for (const reader of this.#readers) reader()
  }

  #frame(seq: number, data: string): string {
    return `id: ${formatCursor({ runId: this.ids.runId, seq })}\ndata: ${data}\n\n`
  }
}
