import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

export interface ScriptCall {
  readonly keys: readonly string[]
  readonly args: readonly (string | number)[]
}

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
      if (!isUnknown(error)) throw error
      return redis.eval(this.#text, keys.length, ...keys, ...args)
    }
  }

  /** Sends all calls in one piece. @returns for each, in their order, its answer or the error that it failed with */
  async runAll(redis: Redis, calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
    const pipeline = redis.pipeline()
    for (const { keys, args } of calls) pipeline.evalsha(this.#digest, keys.length, ...keys, ...args)
    const answers = (await pipeline.exec()) ?? []
    return Promise.all(
      answers.map(([error, answer], index) => {
        const call = calls[index]
        if (!error || !call) return answer
        return isUnknown(error) ? this.run(redis, call.keys, call.args).catch(asIs) : error
      }),
    )
  }
}

const isUnknown = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT')
const asIs = (error: unknown): unknown => error
