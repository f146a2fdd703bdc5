/**
 * How a call of a model can fail.
 *
 * - `unavailable`: refused, DNS, TLS, or a complete 408/429/5xx answer: the model did not run.
 * - `timeout-connect`: no connection in time; the model did not run.
 * - `timeout-first-token`, `timeout-between-tokens`: the provider went silent; the model may have run.
 * - `rejected`: a complete 4xx answer: bad key, unknown model, too much context. Trying again will not help.
 * - `broken`: the connection ended or the stream turned to garbage after the request went out; the outcome is unknown.
 * - `switched-off`: the operator switched the model off, before the call or in the middle of it.
 * - `aborted`: our own signal ended it.
 */
export type ModelErrorCode =
  | 'unavailable'
  | 'timeout-connect'
  | 'timeout-first-token'
  | 'timeout-between-tokens'
  | 'rejected'
  | 'broken'
  | 'switched-off'
  | 'aborted'

export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode
  /** HTTP status of the answer; undefined when none came. */
  readonly status: number | undefined
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfter: number | undefined

  /**
   * @param message for the operator's log; it must hold no key and no content
   * @param options `status` of HTTP; `retryAfter` in milliseconds; `cause`, the error behind it
   */
  constructor(
    code: ModelErrorCode,
    message: string,
    options: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status
    this.retryAfter = options.retryAfter
  }
}
