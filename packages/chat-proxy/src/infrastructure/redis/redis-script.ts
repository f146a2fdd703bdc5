import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/** A Lua script, which Redis runs as one step: all of it, and nothing in between. */
export class RedisScript {
  readonly #text: string
  readonly #digest: string

  constructor(text: string) {
    this.#text = text
    this.#digest = createHash('sha1').update(text).digest('hex')
  }

  /** Sends the digest alone; only a Redis that does not know the script yet is sent the text. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#digest, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(this.#text, keys.length, ...keys, ...args)
    }
  }
}
