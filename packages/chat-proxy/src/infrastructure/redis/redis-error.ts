import { DomainError } from '../../domain/errors.js'

/**
 * A command that failed, told by its code alone: errors of the client carry the command with its arguments, so neither the
 * message nor the original error is kept.
 */
export class RedisError extends Error {
  override readonly name = 'RedisError'
  /** First word of the server's answer (`WRONGTYPE`, `OOM`), the socket's code (`ECONNREFUSED`), or `closed`, `timeout`. */
  readonly code: string

  constructor(code: string) {
    super(`Redis refused a command or could not be used (${code})`)
    this.code = code
  }
}

/** Answers after which the same command may succeed later. */
const PASSING = new Set([
  'BUSY', // a script holds the server
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF', // it cannot write its snapshot
  'NOAUTH',
  'NOREPLICAS',
  'OOM',
  'READONLY', // we talk to a replica: a failover is under way
  'TRYAGAIN',
  'UNKILLABLE',
  'WRONGPASS',
])

/** What leaves the adapter instead of `error`: Redis that cannot be used as `store-unavailable`, a fault of ours as `RedisError`. */
export function toRedisFailure(error: unknown): Error {
  if (error instanceof DomainError) return error
  const cause = new RedisError(codeOf(error))
  if (isReply(error) && !PASSING.has(cause.code)) return cause
  const detail = 'The connection between the servers is down at the moment. Try again shortly.'
  return new DomainError('store-unavailable', detail, { retryAfter: 1, cause })
}

const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError'

function codeOf(error: unknown): string {
  if (isReply(error)) return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return /timed out/i.test(error.message) ? 'timeout' : 'closed'
}
