import type { ServerResponse } from 'node:http'
import { answerOf } from './answer.js'

const SEED = 20_261_121
const TICK_MS = 10

/** What a client sends with a question. */
export interface Asked {
  readonly content: string
  readonly run_id: string
  readonly message_id: string
  readonly answer_id: string
}

/** One answer, paced, each token an event of its own; whoever reads it from anywhere gets the same events. */
export class LoggedRun {
  readonly #pieces: readonly string[]
  readonly #begun = performance.now()
  /** In milliseconds since the epoch; 0 before. */
  endSentAt = 0

  /** @param rate tokens a second */
  constructor(
    readonly conversationId: string,
    readonly asked: Asked,
    tokens: number,
    private readonly rate: number,
  ) {
    this.#pieces = answerOf(tokens, SEED)
  }

  get text(): string {
    return this.#pieces.slice(0, this.#due()).join('')
  }

  get ended(): boolean {
    return this.#due() === this.#pieces.length
  }

  /** Writes the events behind number `after`, then those that come, to the end. */
  stream(response: ServerResponse, after: number): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    })
    if (after < 1) response.write(this.#event(1, { choices: [], colloquy: this.#ids() }))
    let sent = Math.max(0, after - 1)
    const timer = setInterval(() => {
      const due = this.#due()
      response.write(
        this.#pieces
          .slice(sent, due)
          .map((content, index) => this.#delta(sent + index, content))
          .join(''),
      )
      sent = Math.max(sent, due)
      if (sent < this.#pieces.length) return
      clearInterval(timer)
      const end = { choices: [], colloquy: { ...this.#ids(), status: 'completed' } }
      response.end(this.#event(this.#pieces.length + 2, end) + 'data: [DONE]\n\n')
      this.endSentAt = performance.timeOrigin + performance.now()
    }, TICK_MS)
    response.on('close', () => clearInterval(timer))
  }

  /** Question and answer as they stand. */
  messages(parentId: string | null): object[] {
    const { message_id, answer_id, content, run_id } = this.asked
    const both = {
      conversation_id: this.conversationId,
      model: null,
      usage: null,
      error: null,
      created_at: '2026-11-21T00:00:00.000Z',
    }
    return [
      {
        ...both,
        id: message_id,
        parent_id: parentId,
        role: 'user',
        content,
        status: 'completed',
        run_id: null,
      },
      {
        ...both,
        id: answer_id,
        parent_id: message_id,
        role: 'assistant',
        content: this.text,
        status: this.ended ? 'completed' : 'streaming',
        run_id,
      },
    ]
  }

  #due(): number {
    return Math.min(this.#pieces.length, Math.floor(((performance.now() - this.#begun) / 1000) * this.rate))
  }

  #ids(): object {
    const { run_id, message_id, answer_id } = this.asked
    return {
      run_id,
      conversation_id: this.conversationId,
      user_message_id: message_id,
      message_id: answer_id,
    }
  }

  /** @param index of the token; the first event holds the ids. */
  #delta(index: number, content: string): string {
    return this.#event(index + 2, { choices: [{ index: 0, delta: { content }, finish_reason: null }] })
  }

  #event(seq: number, fields: object): string {
    const { run_id } = this.asked
    const chunk = { id: run_id, object: 'chat.completion.chunk', created: 0, model: 'bench', ...fields }
    return `id: ${run_id}.${seq}\ndata: ${JSON.stringify(chunk)}\n\n`
  }
}
