/** No connection came about, so the request was never sent: refused, unknown host, bad certificate, or too slow. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure'
  /** The system's code, such as `ECONNREFUSED`. */
  readonly code: string

  constructor(code: string, options?: ErrorOptions) {
    super(`No connection (${code}).`, options)
    this.code = code
  }

  static from(cause: Error): ConnectFailure {
    if (cause instanceof ConnectFailure) return cause
    return new ConnectFailure('code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown', {
      cause,
    })
  }

  get isTimeout(): boolean {
    return this.code === 'ETIMEDOUT'
  }
}
