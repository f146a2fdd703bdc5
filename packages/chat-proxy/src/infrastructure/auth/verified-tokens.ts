import type { Caller } from '../../domain/caller.js'
import type { Clock } from '../../domain/ports/clock.js'

const CAPACITY = 10_000

interface Entry {
  readonly caller: Caller
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * Tokens whose signature was found good, until they expire: a chat sends the same token many times. Holds the newest
 * 10,000; the whole token is the key, so nothing but the very same bytes is ever recognised.
 */
export class VerifiedTokens {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(token: string): Caller | null {
    const entry = this.#entries.get(token)
    if (!entry) return null
    if (this.#clock.now() < entry.expiresAt) return entry.caller
    this.#entries.delete(token)
    return null
  }

  add(token: string, caller: Caller, expiresAt: number): void {
    this.#entries.set(token, { caller, expiresAt })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= CAPACITY) break
      this.#entries.delete(oldest)
    }
  }
}
