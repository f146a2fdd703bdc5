import { DONE, type FinishReason, type Usage } from '@colloquy/chat-core/protocol'
import type { Completion, CompletionEvent } from '../../../application/complete-chat/completion.js'

interface CompletionDelta {
  readonly role?: 'assistant'
  readonly content?: string
  readonly reasoning_content?: string
  readonly tool_calls?: readonly ToolCallChunk[]
}

interface ToolCallChunk {
  readonly index: number
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name?: string; readonly arguments: string }
}

/** Writes one completion as the data of `chat.completion.chunk` events, in the order that OpenAI has. */
export class CompletionChunks {
  readonly #head: object
  readonly #withUsage: boolean
  /** Of the tool calls that have begun. Only the first piece of a call has its id and name: clients join what they get. */
  readonly #begun = new Set<number>()

  constructor({ id, model, createdAt }: Omit<Completion, 'events'>, withUsage: boolean) {
    const created = Math.floor(createdAt / 1000)
    this.#head = { id, object: 'chat.completion.chunk', created, model }
    this.#withUsage = withUsage
  }

  opening(): string {
    return this.#delta({ role: 'assistant', content: '' })
  }

  /** `null` when the event is not told. */
  of(event: CompletionEvent): string | null {
    switch (event.type) {
      case 'text':
        return this.#delta({ content: event.text })
      case 'reasoning':
        return this.#delta({ reasoning_content: event.text })
      case 'tool-call':
        return this.#delta({ tool_calls: [this.#toolCall(event.delta)] })
      case 'finish':
        return this.#delta({}, event.reason)
      case 'usage':
        return this.#withUsage ? this.#usage(event.usage) : null
    }
  }

  /** What OpenAI's clients throw as an error when it comes in mid-stream. */
  error(body: object): string {
    return JSON.stringify(body)
  }

  readonly closing = DONE

  #delta(delta: CompletionDelta, finishReason: FinishReason | null = null): string {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }]
    return JSON.stringify({ ...this.#head, choices, ...(this.#withUsage && { usage: null }) })
  }

  #usage(usage: Usage): string {
    return JSON.stringify({ ...this.#head, choices: [], usage })
  }

  #toolCall({
    index,
    id,
    name,
    argumentsDelta,
  }: Extract<CompletionEvent, { type: 'tool-call' }>['delta']): ToolCallChunk {
    if (this.#begun.has(index)) return { index, function: { arguments: argumentsDelta } }
    this.#begun.add(index)
    return { index, id, type: 'function', function: { name, arguments: argumentsDelta } }
  }
}
