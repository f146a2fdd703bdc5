import type { Usage } from '@colloquy/chat-core/protocol'
import { ModelError } from '../../../domain/model-error.js'
import type { ChatModel, ModelRequest, ModelSink } from '../../../domain/ports/chat-model.js'
import type { Clock } from '../../../domain/ports/clock.js'
import { sleep } from '../../time/sleep.js'
import { AttemptReport } from '../attempt-report.js'
import { composeAnswer } from './compose-answer.js'

export interface DemoModelOptions {
  readonly clock: Clock
  /** Milliseconds before each word; 0 for no waiting at all. Default 25, about the pace of a quick model. */
  readonly wordDelay?: number
}

const WORD_DELAY = 25

/** The built-in model: scripted answers, streamed like real ones. Needs no key and no network. */
export class DemoModel implements ChatModel {
  readonly name = 'demo'
  readonly isDemo = true
  readonly #clock: Clock
  readonly #wordDelay: number

  constructor({ clock, wordDelay = WORD_DELAY }: DemoModelOptions) {
    this.#clock = clock
    this.#wordDelay = wordDelay
  }

  async generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal)
    const report = AttemptReport.begin({ provider: this.name, model: this.name, clock: this.#clock, sink })
    const usage = await this.#answer(request, sink, signal).catch((error: unknown) => {
      report.failed(error, null)
      throw error
    })
    sink.usage(usage)
    report.completed(usage)
  }

  async #answer({ messages }: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<Usage> {
    const words = wordsOf(composeAnswer(messages))
    for (const word of words) {
      if (this.#wordDelay > 0) await sleep(this.#clock, this.#wordDelay, signal)
      throwIfAborted(signal)
      sink.delta(word)
    }
    throwIfAborted(signal)
    sink.finish('stop')
    const prompt = messages.reduce((sum, { content }) => sum + wordsOf(content).length, 0)
    return { prompt_tokens: prompt, completion_tokens: words.length, total_tokens: prompt + words.length }
  }
}

/** Words, each with the white space after it, so that joining them gives back the text. */
const wordsOf = (text: string): readonly string[] => text.match(/^\s+|\S+\s*/g) ?? []

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ModelError('aborted', 'The generation was stopped.')
}
