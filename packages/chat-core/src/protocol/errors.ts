/** `type` of an error body, with the HTTP status that carries it. A closed set: clients may switch on it. */
export const ERROR_STATUS = {
  BadRequestError: 400,
  AuthenticationError: 401,
  PermissionError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  PayloadTooLargeError: 413,
  PolicyViolationError: 422,
  RateLimitError: 429,
  QuotaExceededError: 429,
  InternalError: 500,
  ServiceUnavailableError: 503,
  UpstreamTimeoutError: 504,
} as const

export type ErrorType = keyof typeof ERROR_STATUS

/** The JSON body of every refused request under `/api/v1`. */
export interface ErrorBody {
  /** One sentence for a person, safe to show. */
  error: string
  /** What exactly was wrong and what to do next. */
  detail: string
  type: ErrorType
  request_id: string
  /** Seconds until a retry may succeed. Also sent as `Retry-After`. */
  retry_after?: number
  /** With 429: the limit that was reached. */
  limit?: LimitState
}

/** One limit as it stands for the caller; `GET /api/v1/usage` lists them all. */
export interface LimitState {
  /** Such as `messages_per_minute` or `money_per_day`; money is in millionths of a US dollar. What the installation may do and a
   * tenant may spend is told as a share: `max` is 1. */
  name: string
  scope: 'user' | 'ip' | 'tenant' | 'installation'
  /** In the unit of `name`: messages, sessions, tokens, runs, or millionths of a US dollar; 1 where a share is told. */
  max: number
  /** In the same unit. */
  used: number
  /** Of `runs_at_once` of a person alone: runs that wait for their turn, and so are not `used`. They leave less `remaining`. */
  waiting?: number
  /** In the same unit, never below 0. */
  remaining: number
  /** ISO 8601; `null` when answers that end free it, and no clock. */
  resets_at: string | null
}

/** Answer of `GET /api/v1/usage`: every limit of the caller as it stands. */
export interface UsageResponse {
  limits: LimitState[]
}
