import type { RunErrorCode, TerminalRunStatus } from '@colloquy/chat-core/protocol'
import type { DomainErrorCode } from '../errors.js'
import type { LimitName, LimitScope, Tier } from '../limits.js'
import type { RunAttempt } from '../run-attempt.js'

/** Numbers that tell how a process is. Those that say whether something is so are 1 or 0. */
export type Gauge =
  /** The rate limits are counted together with all other processes; 0: this one gives its part of them. */
  | 'rate_limits_shared'
  | 'redis_up'
  | 'database_up'
  /** Answers that are being made, and questions that wait. */
  | 'runs_running'
  | 'runs_queued'

/** One model at one provider, by the names that the configuration has for them. */
export interface ProviderLabels {
  readonly provider: string
  readonly model: string
}

/** Of one model at one provider. */
export type ProviderGauge =
  /** It failed too often in a row: it is left alone, or a call is finding out whether it is back. */
  'breaker_open'

/** What is counted, and what it is told apart by. Every value is of a small set, or an adapter makes it one of few. */
export interface Counts {
  /** Answers to requests, those of streams when they ended. `route` is a pattern of the route table, `status` a class such as `2xx`. */
  readonly http_requests: HttpLabels & { readonly status: string }
  /** Requests that were refused or failed. */
  readonly refusals: { readonly code: DomainErrorCode | 'internal' }
  readonly limits_hit: { readonly limit: LimitName; readonly scope: LimitScope }
  /** Questions that were admitted, and sends that found their run there already: retries of clients. */
  readonly questions: { readonly outcome: 'admitted' | 'repeated' }
  readonly runs_ended: {
    readonly tenant: string
    readonly status: TerminalRunStatus
    readonly error: RunErrorCode | 'none'
  }
  /** Streams that went on from a cursor, and places that only a snapshot could answer. */
  readonly streams: { readonly outcome: 'resumed' | 'resynced' }
  /** Calls of a provider. */
  readonly upstream_calls: ProviderLabels & { readonly outcome: RunAttempt['outcome'] }
  /** Calls that were made because the one before had failed with this provider. */
  readonly upstream_retries: ProviderLabels
  /** As the provider counted them. */
  readonly tokens: ProviderLabels & { readonly kind: 'prompt' | 'completion' }
  /** US dollars for those tokens, where the price is known. */
  readonly cost_usd: ProviderLabels
}

/** What takes time. */
export interface Durations {
  readonly http_request: HttpLabels
  /** From the question to the first word of its answer. */
  readonly first_token: { readonly model: string }
  /** From the question to the end of its answer. */
  readonly run: { readonly status: TerminalRunStatus }
  /** From the question to its turn. */
  readonly queue_wait: { readonly tier: Tier }
  readonly upstream_first_token: ProviderLabels
  readonly upstream_call: ProviderLabels
}

export interface HttpLabels {
  readonly method: string
  readonly route: string
}

/** Takes numbers for whoever watches the process. Never throws, and holds nobody up. */
export interface Meter {
  /** @param value how many, or 1 for yes and 0 for no */
  set(gauge: Gauge, value: number): void
  set(gauge: ProviderGauge, value: number, of: ProviderLabels): void
  /** @param by what to add; 1 when it is left out */
  add<K extends keyof Counts>(count: K, of: Counts[K], by?: number): void
  /** @param ms how long it took, in milliseconds */
  observe<K extends keyof Durations>(duration: K, of: Durations[K], ms: number): void
}

/** Nobody watches. */
export const NO_METER: Meter = { set: () => {}, add: () => {}, observe: () => {} }

/** What was measured, for a monitor that comes to read it. */
export interface MetricsSource {
  readonly contentType: string
  read(): Promise<string>
}
