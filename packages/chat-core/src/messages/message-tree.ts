import type { ChatMessage } from './message.js'

/**
 * The messages of one conversation. Siblings (same parent) are versions of each other. One branch is open: the one through
 * the message that came or was chosen last, and on from there along the newest.
 */
export class MessageTree {
  readonly #messages = new Map<string, ChatMessage>()
  /** Messages that have, or had, others below them. */
  readonly #parents = new Set<string | null>()
  /** The open branch leads through this message. */
  #open: string | null = null
  #path: ChatMessage[] | null = []
  /** The path as it was shown last: what is shown never changes, what is appended to is never copied. */
  #shown: readonly ChatMessage[] | null = null

  get(id: string | null | undefined): ChatMessage | undefined {
    return this.#messages.get(id ?? '')
  }

  /** Every message, in order of arrival. */
  all(): ChatMessage[] {
    return [...this.#messages.values()]
  }

  /** Adds a message below its parent and opens its branch, or replaces the message of the same id. */
  put(message: ChatMessage): void {
    const { id, parentId } = message
    const known = this.#messages.get(id)
    const path = this.#path ?? []
    this.#shown = null
    if (known?.parentId === parentId) {
      this.#messages.set(id, message)
      // What streams in changes the last message, many times: no walk along the path then.
      const at = path.lastIndexOf(known)
      if (at >= 0) path[at] = message
      return
    }
    // Behind its new siblings, where it has moved.
    this.#messages.delete(id)
    this.#messages.set(id, message)
    this.#parents.add(parentId)
    // What follows the last message, as most do, needs no walk either.
    const isNext = path.at(-1)?.id === parentId && !this.#parents.has(id)
    if (isNext) {
      path.push(message)
      this.#open = id
    } else this.open(id)
  }

  /** Opens the branch that leads through `id`. */
  open(id: string): void {
    this.#open = id
    this.#path = this.#shown = null
  }

  /** The open branch, first to last. The same array until something changed. */
  path(): readonly ChatMessage[] {
    return (this.#shown ??= [...this.#whole()])
  }

  /** The last message of the open branch. */
  last(): ChatMessage | undefined {
    return this.#whole().at(-1)
  }

  #whole(): ChatMessage[] {
    if (!this.#path) {
      const path = this.branch(this.#open)
      let next = this.#newestBelow(path)
      while (next && path.length < this.#messages.size) {
        path.push(next)
        next = this.#newestBelow(path)
      }
      this.#path = path
    }
    return this.#path
  }

  /** The way from the first message to `id`, both included. */
  branch(id: string | null): ChatMessage[] {
    const branch: ChatMessage[] = []
    let at = this.get(id)
    // Bounded, here and above, because a broken server may tell of a circle.
    while (at && branch.length < this.#messages.size) {
      branch.push(at)
      at = this.get(at.parentId)
    }
    return branch.toReversed()
  }

  #newestBelow(branch: readonly ChatMessage[]): ChatMessage | undefined {
    const last = branch.at(-1)?.id ?? null
    return this.#parents.has(last) ? this.all().findLast(({ parentId }) => parentId === last) : undefined
  }
}
