import type { ChatMessage } from '@colloquy/chat-core'

/** So many messages are shown at once, and so many more each time the reader comes to the first of them. */
const PAGE = 60

/** Which messages of a conversation are on the page: the newest, and as many older ones as the reader went back to. */
export class MessageWindow {
  /** The first that is shown. */
  #first: string | null = null

  /** Index of the first message to show. */
  from(messages: readonly ChatMessage[]): number {
    const known = this.#first === null ? -1 : messages.findIndex(({ id }) => id === this.#first)
    return known >= 0 ? known : this.#begin(messages, messages.length - PAGE)
  }

  /** Shows a page of older ones. @returns whether there were any here */
  extend(messages: readonly ChatMessage[]): boolean {
    const from = this.from(messages)
    this.#begin(messages, from - PAGE)
    return from > 0
  }

  #begin(messages: readonly ChatMessage[], at: number): number {
    const from = Math.max(0, at)
    this.#first = messages[from]?.id ?? null
    return from
  }
}
