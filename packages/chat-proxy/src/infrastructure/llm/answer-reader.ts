import { answerParser, type AnswerEvent, type AnswerListener, type AnswerParser } from './answer-parser.js'
import type { Answer } from './answer.js'
import type { IncomingBody } from './incoming-body.js'
import type { ProviderAnswer } from './provider-connection.js'
import type { UpstreamCall } from './upstream-call.js'

/**
 * Reads the body of one answer to its end. Runs where the bytes come in, so that nothing waits between a token and the log.
 * Failures of the connection and of what came get their names by the call; what the answer and its sink throw is passed on as
 * it is.
 */
export class AnswerReader implements AnswerListener {
  readonly #call: UpstreamCall
  readonly #answer: Answer
  readonly #body: IncomingBody
  readonly #parser: AnswerParser
  /** What the answer or its sink threw: nothing is told any more. */
  #fault: { readonly error: unknown } | null = null

  constructor(call: UpstreamCall, { body, isInOnePiece }: ProviderAnswer, answer: Answer) {
    this.#call = call
    this.#answer = answer
    this.#body = body
    this.#parser = answerParser(isInOnePiece, this)
  }

  /** @throws ModelError, as `UpstreamCall.step`; and what the answer and its sink throw */
  async read(): Promise<void> {
    await this.#call.step(this.#body.read((bytes, start, end) => this.#take(bytes, start, end)))
    if (this.#isOpen) await this.#call.step(this.#endParser())
    if (this.#fault) throw this.#fault.error
  }

  onText(text: string): void {
    if (this.#fault) return
    this.#call.heard(text !== '')
    try {
      this.#answer.addText(text)
      // The sink may have stopped the generation by what it was given.
      this.#call.check()
    } catch (error) {
      this.#fault = { error }
    }
  }

  onEvent(event: AnswerEvent): void {
    if (this.#fault) return
    if (typeof event === 'object') this.#call.heard(event.isToken)
    try {
      this.#answer.add(event)
      this.#call.check()
    } catch (error) {
      this.#fault = { error }
    }
  }

  get #isOpen(): boolean {
    return !this.#answer.isDone && this.#fault === null
  }

  /** @returns whether to read on */
  #take(bytes: Buffer, start: number, end: number): boolean {
    this.#parser.push(bytes, start, end)
    return this.#isOpen
  }

  async #endParser(): Promise<void> {
    this.#parser.end()
  }
}
