import type { RunAttempt } from '../run-attempt.js'

/** What is followed through the process: a request, a run or a completion, and each call of a provider for it. */
export type SpanName = 'request' | 'run' | 'completion' | 'upstream attempt'

/** What may be said of a span. An allow-list, as that of the log: there is no field for content, headers or keys. */
export interface SpanFields {
  readonly requestId?: string
  readonly tenantId?: string
  readonly runId?: string
  readonly conversationId?: string
  readonly method?: string
  readonly route?: string
  readonly status?: number
  readonly provider?: string
  readonly model?: string
  readonly outcome?: RunAttempt['outcome']
  readonly promptTokens?: number
  readonly completionTokens?: number
}

export interface Span {
  set(fields: SpanFields): void
  /** @param code a word of ours, such as that of a `DomainError`; never a message */
  fail(code: string): void
}

/** Tells whoever traces the process what takes how long within what. Never throws by itself. */
export interface Tracer {
  /** Does `work` in a span that ends with it. What begins within is part of it. @throws what `work` throws */
  span<T>(name: SpanName, fields: SpanFields, work: (span: Span) => Promise<T>): Promise<T>
}
