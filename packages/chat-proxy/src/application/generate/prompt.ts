import type { ModelMessage, ModelRequest } from '../../domain/ports/index.js'

/**
 * What a model is shown. It may be as long as many answers, and whoever asks keeps its request for as long as the answer lasts;
 * so it is let go as soon as the answer has begun, when nobody else can be asked in that one's place any more.
 */
export class Prompt implements ModelRequest {
  messages: readonly ModelMessage[]
  readonly maxTokens?: number

  /** @param maxTokens longest answer; `null`: as long as the model likes */
  constructor(messages: readonly ModelMessage[], maxTokens: number | null) {
    this.messages = messages
    if (maxTokens !== null) this.maxTokens = maxTokens
  }

  letGo(): void {
    this.messages = []
  }
}
