import { DomainError } from '../../domain/errors.js'

const LONGEST_RETRY_SECONDS = 60
/** For what frees itself, nobody knows when. */
export const RETRY_SECONDS = 5

/** Nobody more can even wait. Room is expected after as long as the queue takes. */
export function overloaded({
  queued,
  maxRuns,
  averageMs,
}: {
  readonly queued: number
  readonly maxRuns: number
  /** How long an answer takes. */
  readonly averageMs: number
}): DomainError {
  const seconds = Math.ceil((averageMs * (queued + 1)) / maxRuns / 1000)
  const retryAfter = Math.min(LONGEST_RETRY_SECONDS, Math.max(1, seconds))
  return new DomainError(
    'overloaded',
    `All places are taken, and the queue is full. Send the same request again in ${retryAfter} s.`,
    { retryAfter },
  )
}

/** One person may not fill the queue. */
export const tooManyAtOnce = (max: number, used: number, waiting: number): DomainError =>
  new DomainError('rate-limited', 'Wait until your other questions are answered.', {
    retryAfter: RETRY_SECONDS,
    limit: { name: 'runs_at_once', scope: 'user', max, used, waiting, remaining: 0, resetsAt: null },
  })

/** Somebody of a higher tier needed the room. */
export const shed = (): DomainError =>
  new DomainError('overloaded', 'Too many questions are waiting. Send the same request again in a moment.', {
    retryAfter: RETRY_SECONDS,
  })
