import { hash } from 'node:crypto'
import type { AskedToken, SharedBuckets, TakenTokens } from '../rate-limit/shared-buckets.js'
import type { RedisConnection } from './redis-connection.js'
import { RedisScript } from './redis-script.js'

/**
 * KEYS: one for each bucket, which holds the moment when it is full, in microseconds since 1970 by the clock of Redis. ARGV: 1 to
 * take or 0 to look, then `perToken`, `capacity` and known debt of each. Answers 1 when a token of each was taken, else 0,
 * and the debts.
 */
const BUCKETS = new RedisScript(`
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local stored = #KEYS > 0 and redis.call('MGET', unpack(KEYS)) or {}
  local answer, changed = {tonumber(ARGV[1])}, {}
  for i = 1, #KEYS do
    local capacity, known = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
    local debt = (tonumber(stored[i] or '0')) - now
    local is = math.min(math.max(debt, known, 0), capacity)
    if is + tonumber(ARGV[3 * i - 1]) > capacity then answer[1] = 0 end
    changed[i] = is > 0 and is ~= debt
    answer[i + 1] = is
  end
  for i = 1, #KEYS do
    if answer[1] == 1 then answer[i + 1] = answer[i + 1] + tonumber(ARGV[3 * i - 1]) end
    if answer[1] == 1 or changed[i] then
      local debt = answer[i + 1]
      redis.call('SET', KEYS[i], string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
    end
  end
  return answer
`)

/** Buckets in Redis: all that one request needs, in one round trip. */
export class RedisBuckets implements SharedBuckets {
  readonly #connection: RedisConnection

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  isShared(): boolean {
    return true
  }

  countsAll(): boolean {
    return true
  }

  async take(asked: readonly AskedToken[]): Promise<TakenTokens> {
    const [isTaken, ...debts] = await this.#run(1, asked)
    return { isTaken: isTaken === 1, debts }
  }

  async peek(asked: readonly AskedToken[]): Promise<readonly number[]> {
    const [, ...debts] = await this.#run(0, asked)
    return debts
  }

  #run(mode: 0 | 1, asked: readonly AskedToken[]): Promise<number[]> {
    const keys = asked.map((token) => `${this.#connection.prefix}rate:${digestOf(token)}`)
    const numbers = asked.flatMap(({ bucket, knownDebt }) => [bucket.perToken, bucket.capacity, knownDebt])
    // The script answers whole numbers and nothing else.
    return this.#connection.use((redis) => BUCKETS.run(redis, keys, [mode, ...numbers])) as Promise<number[]>
  }
}

/** Redis may write down what it is told, and keep that for longer than the minute for which a key lives: people and addresses are not named. */
const digestOf = ({ tenantId, name }: AskedToken): string =>
  hash('sha256', JSON.stringify([tenantId, name]), 'base64url')
