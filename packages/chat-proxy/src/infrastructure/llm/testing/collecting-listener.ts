import { DONE, type AnswerEvent, type AnswerListener } from '../answer-parser.js'

/** Keeps what a parser tells. */
export class CollectingListener implements AnswerListener {
  /** Text that came alone stands for itself. */
  readonly events: (AnswerEvent | { readonly text: string })[] = []

  onText(text: string): void {
    this.events.push({ text })
  }

  onEvent(event: AnswerEvent): void {
    this.events.push(event)
  }

  /** Of each event its text or, where it has none, how the answer ended. */
  get summary(): readonly unknown[] {
    return this.events.map((event) => {
      if (event === DONE) return DONE
      return event.text || ('finishReason' in event ? event.finishReason : null)
    })
  }
}
