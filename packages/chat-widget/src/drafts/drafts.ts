/**
 * What was written and not sent, for each conversation. Survives a reload of this tab and no more: a question half written
 * is nobody else's business.
 */
export class Drafts {
  readonly #prefix: string
  /** What the browser would not keep (blocked or full storage). */
  readonly #unkept = new Map<string, string>()
  #owner: string | null | undefined

  /**
   * @param name of the widget's storage; drafts of two chats on one page do not mix.
   * @param key with one nothing may lie in the clear: they last as long as the page
   */
  constructor(
    name: string,
    private readonly key: CryptoKey | null,
  ) {
    this.#prefix = `${name}:draft:`
    if (key) this.clear()
  }

  /** Nothing of a user's while it is not known whether that is who is here. @param conversationId null for a new conversation. */
  get(conversationId: string | null): string {
    if (!this.#owner && isUser(this.#lastOwner())) return ''
    const key = this.#key(conversationId)
    return this.#unkept.get(key) ?? attempt((storage) => storage.getItem(key)) ?? ''
  }

  set(conversationId: string | null, text: string): void {
    const key = this.#key(conversationId)
    this.#unkept.delete(key)
    const isKept = attempt((storage) => {
      if (text === '') storage.removeItem(key)
      else if (!this.key) storage.setItem(key, text)
      return !this.key
    })
    if (!isKept && text !== '') this.#unkept.set(key, text)
  }

  /**
   * Says whose they are: of a visitor (`v_…`), a user (`u_…`), with null of no user, with undefined of nobody any more. What another one wrote
   * is forgotten; what a visitor wrote is theirs after signing in, too.
   * @returns whether something may have been forgotten
   */
  belongTo(owner: string | null | undefined): boolean {
    const before = this.#lastOwner() ?? this.#owner
    const isTheirs = !before || before === owner || (!isUser(before) && (owner === null || isUser(owner)))
    if (!isTheirs) this.clear()
    this.#owner = owner
    if (owner) attempt((storage) => storage.setItem(this.#key('owner'), owner))
    return !isTheirs
  }

  /** Forgets all of them. */
  clear(): void {
    this.#unkept.clear()
    attempt((storage) => {
      for (const key of Object.keys(storage).filter((name) => name.startsWith(this.#prefix)))
        storage.removeItem(key)
    })
  }

  #lastOwner(): string | null {
    return attempt((storage) => storage.getItem(this.#key('owner')))
  }

  #key(conversationId: string | null): string {
    return this.#prefix + (conversationId ?? 'new')
  }
}

const isUser = (owner: string | null | undefined): boolean | undefined => owner?.startsWith('u_')

/** Null where the browser has no storage for this page, or it is full. */
function attempt<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(sessionStorage)
  } catch {
    return null
  }
}
