import { hash } from 'node:crypto'
import type { Clock } from '../../domain/ports/clock.js'

const CAPACITY = 10_000

interface Entry<T> {
  readonly value: T
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * What tokens proved whose signature was found good, until they expire: a chat sends the same token many times. Holds the
 * 10,000 that were used last. The SHA-256 of the whole token is the key, so that nothing but the very same bytes is ever
 * recognised, no token stays in memory, and how long a look-up takes tells nothing about any of them.
 */
export class VerifiedTokens<T> {
  readonly #clock: Clock
  readonly #capacity: number
  readonly #entries = new Map<string, Entry<T>>()

  constructor(clock: Clock, capacity = CAPACITY) {
    this.#clock = clock
    this.#capacity = capacity
  }

  get(token: string): T | null {
    const key = keyOf(token)
    const entry = this.#entries.get(key)
    if (!entry) return null
    this.#entries.delete(key)
    if (this.#clock.now() >= entry.expiresAt) return null
    // Put back at the end: the first of the map is the one that was used longest ago.
    this.#entries.set(key, entry)
    return entry.value
  }

  add(token: string, value: T, expiresAt: number): void {
    const key = keyOf(token)
    this.#entries.delete(key)
    this.#entries.set(key, { value, expiresAt })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break
      this.#entries.delete(oldest)
    }
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64url')
