import type { ChatModel, ModelRequest, ModelSink } from '../../src/domain/ports/chat-model.js'
import { ModelError } from '../../src/domain/model-error.js'

/** A model that answers the same question with the same words, one every turn of the event loop, and counts its calls. */
export class ScriptedModel implements ChatModel {
  readonly name = 'scripted'
  readonly isDemo = false
  calls = 0
  readonly #words: (question: string) => Iterable<string>

  constructor(words: (question: string) => Iterable<string>) {
    this.#words = words
  }

  async generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    this.calls += 1
    for (const word of this.#words(request.messages.at(-1)?.content ?? '')) {
      await new Promise((resolve) => setImmediate(resolve))
      if (signal.aborted) throw new ModelError('aborted', 'The call was aborted.')
      sink.delta(word)
    }
    sink.finish('stop')
  }
}
