import type { ChatMessage } from './message.js'

/**
 * The messages of one conversation. Siblings (same parent) are versions of each other; the open branch follows, from
 * the first message down, the version that was selected, or else the newest.
 */
export class MessageTree {
  readonly #messages = new Map<string, ChatMessage>()
  readonly #children = new Map<string | null, string[]>()
  readonly #selected = new Map<string | null, string>()
  #path: readonly ChatMessage[] | null = null

  get(id: string): ChatMessage | undefined {
    return this.#messages.get(id)
  }

  /** Adds a message below its parent and opens its branch, or replaces the message of the same id. */
  put(message: ChatMessage): void {
    const known = this.#messages.get(message.id)
    this.#messages.set(message.id, message)
    if (known?.parentId === message.parentId) this.#replaceInPath(known, message)
    else {
      if (known) this.#detach(known)
      this.#attach(message)
    }
  }

  /** Gives a message another id, for servers that insist on their own. */
  rename(from: string, to: string): void {
    const message = this.#messages.get(from)
    if (!message || from === to) return
    for (const id of this.#children.get(from) ?? []) this.#reparent(id, to)
    this.remove(from)
    this.put({ ...message, id: to })
  }

  remove(id: string): void {
    const message = this.#messages.get(id)
    if (!message) return
    this.#detach(message)
    this.#messages.delete(id)
    this.#path = null
  }

  /** Opens the branch that leads through `id`. */
  select(id: string): void {
    for (
      let at = this.#messages.get(id);
      at;
      at = at.parentId ? this.#messages.get(at.parentId) : undefined
    ) {
      this.#selected.set(at.parentId, at.id)
    }
    this.#path = null
  }

  /** Ids of all versions of a message, itself included, oldest first. */
  versions(id: string): readonly string[] {
    const message = this.#messages.get(id)
    return message ? (this.#children.get(message.parentId) ?? []) : []
  }

  /** The open branch, first to last. The same array until something changed. */
  path(): readonly ChatMessage[] {
    if (this.#path) return this.#path
    const path: ChatMessage[] = []
    for (let id = this.#openChild(null); id !== undefined; id = this.#openChild(id)) {
      const message = this.#messages.get(id)
      if (message) path.push(message)
    }
    this.#path = path
    return path
  }

  /** Every message, in order of arrival. */
  all(): ChatMessage[] {
    return [...this.#messages.values()]
  }

  #attach({ id, parentId }: ChatMessage): void {
    const siblings = this.#children.get(parentId)
    if (siblings) siblings.push(id)
    else this.#children.set(parentId, [id])
    this.#selected.set(parentId, id)
    this.#path = null
  }

  /** What streams in changes the last message, many times: one copy of the path then, and no walk along it. */
  #replaceInPath(known: ChatMessage, message: ChatMessage): void {
    const at = this.#path?.lastIndexOf(known) ?? -1
    if (at >= 0) this.#path = this.#path?.with(at, message) ?? null
  }

  #openChild(parentId: string | null): string | undefined {
    return this.#selected.get(parentId) ?? this.#children.get(parentId)?.at(-1)
  }

  #reparent(id: string, parentId: string): void {
    const child = this.#messages.get(id)
    if (child) this.put({ ...child, parentId })
  }

  #detach(message: ChatMessage): void {
    const siblings = (this.#children.get(message.parentId) ?? []).filter((id) => id !== message.id)
    if (siblings.length > 0) this.#children.set(message.parentId, siblings)
    else this.#children.delete(message.parentId)
    if (this.#selected.get(message.parentId) === message.id) this.#selected.delete(message.parentId)
  }
}
