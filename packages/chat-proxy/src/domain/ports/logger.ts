/** What may stand in a log line. An allow-list: there is no field for content, headers, keys or error bodies. */
export interface LogFields {
  readonly requestId?: string
  readonly tenantId?: string
  readonly runId?: string
  readonly conversationId?: string
  readonly method?: string
  readonly route?: string
  /** HTTP status. */
  readonly status?: number
  /** Milliseconds. */
  readonly durationMs?: number
  readonly provider?: string
  readonly model?: string
  readonly code?: string
  /** How many of what the message names. */
  readonly count?: number
  /** TCP port. */
  readonly port?: number
  /** Logged as class, code and stack with the message left out, because messages of libraries quote what they choke on. */
  readonly error?: unknown
}

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
