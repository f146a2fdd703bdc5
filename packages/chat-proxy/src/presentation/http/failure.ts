/** A failure as an answer. */
export interface Failure {
  readonly status: number
  /** Beside those of any failure with this status. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body: object
}
