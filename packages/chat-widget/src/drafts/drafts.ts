/**
 * What was written and not sent, for each conversation. Survives a reload of this tab and no more: a question half written
 * is nobody else's business.
 */
export class Drafts {
  readonly #prefix: string
  /** What the browser would not keep (blocked or full storage). */
  readonly #unkept = new Map<string, string>()

  /** @param name of the widget's storage; drafts of two chats on one page do not mix. */
  constructor(name: string) {
    this.#prefix = `${name}:draft:`
  }

  /** @param conversationId null for a new conversation. */
  get(conversationId: string | null): string {
    const key = this.#key(conversationId)
    return this.#unkept.get(key) ?? attempt((storage) => storage.getItem(key)) ?? ''
  }

  set(conversationId: string | null, text: string): void {
    const key = this.#key(conversationId)
    this.#unkept.delete(key)
    const isKept = attempt((storage) => {
      if (text === '') storage.removeItem(key)
      else storage.setItem(key, text)
      return true
    })
    if (!isKept && text !== '') this.#unkept.set(key, text)
  }

  /** Forgets all of them. */
  clear(): void {
    this.#unkept.clear()
    attempt((storage) => {
      for (const key of Object.keys(storage).filter((name) => name.startsWith(this.#prefix)))
        storage.removeItem(key)
    })
  }

  #key(conversationId: string | null): string {
    return this.#prefix + (conversationId ?? 'new')
  }
}

/** Null where the browser has no storage for this page, or it is full. */
function attempt<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(sessionStorage)
  } catch {
    return null
  }
}
