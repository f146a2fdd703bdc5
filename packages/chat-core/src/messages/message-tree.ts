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
  #path: readonly ChatMessage[] | null = []

  get(id: string): ChatMessage | undefined {
    return this.#messages.get(id)
  }

  /** Every message, in order of arrival. */
  all(): ChatMessage[] {
    return [...this.#messages.values()]
  }

  /** Adds a message below its parent and opens its branch, or replaces the message of the same id. */
  put(message: ChatMessage): void {
    const { id, parentId } = message
    const known = this.#messages.get(id)
    if (known?.parentId === parentId) {
      this.#messages.set(id, message)
      // What streams in changes the last message, many times: one copy of the path then, and no walk along it.
      const at = this.#path?.lastIndexOf(known) ?? -1
      if (at >= 0) this.#path = this.#path?.with(at, message) ?? null
    } else {
      const path = this.#path
      // Behind its new siblings, where it has moved.
      this.#messages.delete(id)
      this.#messages.set(id, message)
      this.#parents.add(parentId)
      this.open(id)
      // What follows the last message, as most do, needs no walk.
      if (path?.at(-1)?.id === parentId && !this.#parents.has(id)) this.#path = [...path, message]
    }
  }

  /** Opens the branch that leads through `id`. */
  open(id: string): void {
    this.#open = id
    this.#path = null
  }

  /** The open branch, first to last. The same array until something changed. */
  path(): readonly ChatMessage[] {
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
    let at = this.#messages.get(id ?? '')
    // Bounded, here and above, because a broken server may tell of a circle.
    while (at && branch.length < this.#messages.size) {
      branch.push(at)
      at = this.#messages.get(at.parentId ?? '')
    }
    return branch.toReversed()
  }

  #newestBelow(branch: readonly ChatMessage[]): ChatMessage | undefined {
    const last = branch.at(-1)?.id ?? null
    return this.#parents.has(last) ? this.all().findLast(({ parentId }) => parentId === last) : undefined
  }
}
