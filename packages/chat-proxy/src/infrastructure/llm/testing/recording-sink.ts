import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ModelSink } from '../../../domain/ports/chat-model.js'

/** Writes down what a model says, in order, and lets a test wait for the first words. */
export class RecordingSink implements ModelSink {
  readonly deltas: string[] = []
  readonly finishes: FinishReason[] = []
  readonly usages: Usage[] = []
  /** The kinds of calls, in order. */
  readonly calls: string[] = []
  #heard: () => void = () => {}
  /** Resolves with the first delta. */
  readonly firstDelta = new Promise<void>((resolve) => (this.#heard = resolve))
  readonly #onDelta: (text: string) => void

  constructor(onDelta: (text: string) => void = () => {}) {
    this.#onDelta = onDelta
  }

  get text(): string {
    return this.deltas.join('')
  }

  delta(text: string): void {
    this.calls.push('delta')
    this.deltas.push(text)
    this.#heard()
    this.#onDelta(text)
  }

  finish(reason: FinishReason): void {
    this.calls.push('finish')
    this.finishes.push(reason)
  }

  usage(usage: Usage): void {
    this.calls.push('usage')
    this.usages.push(usage)
  }
}
