import type { ReactiveControllerHost } from '../rendering/reactive-controller.js'
import type { Drafts } from '../drafts/drafts.js'

/** What is written in the open conversation and not sent. */
export class DraftController {
  #drafts: Drafts | null = null
  #conversationId: string | null = null
  #text = ''
  #owner: string | null | undefined

  /** @param newDrafts where they are kept; asked for once that is known, and again after `forgetName`. */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly newDrafts: () => Drafts,
  ) {}

  get text(): string {
    return this.#text
  }

  write(text: string): void {
    this.#text = text
    this.#kept().set(this.#conversationId, text)
    this.host.requestUpdate()
  }

  /** The visitor goes to another conversation: what was written stays behind, and what was written there is back. */
  open(conversationId: string | null): void {
    this.#conversationId = conversationId
    this.#text = this.#kept().get(conversationId)
    this.host.requestUpdate()
  }

  /** The conversation has changed by itself: it was begun or restored, and what is being written goes along. */
  follow(conversationId: string | null): void {
    if (conversationId === this.#conversationId) return
    const written = this.#text
    if (this.#conversationId === null && written !== '') {
      this.#kept().set(null, '')
      this.#conversationId = conversationId
      this.write(written)
    } else this.open(conversationId)
  }

  /** Another chat is shown, with drafts of its own. */
  forgetName(): void {
    this.#drafts = null
    this.#owner = undefined
    this.open(null)
  }

  /** What is written is of this visitor or user, with null of no user, with undefined of nobody yet or any more: nobody finds what another one wrote. */
  belongTo(owner: string | null | undefined): void {
    // Asked with every change of the chat.
    if (owner === this.#owner || (owner === undefined && !this.#owner)) return
    this.#owner = owner
    if (this.#kept().belongTo(owner)) this.#text = ''
    // A user's was not to be seen before.
    this.#text ||= this.#kept().get(this.#conversationId)
    this.host.requestUpdate()
  }

  #kept(): Drafts {
    return (this.#drafts ??= this.newDrafts())
  }
}
