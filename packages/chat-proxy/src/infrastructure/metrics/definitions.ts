import type { Counts, Durations, Gauge, ProviderGauge } from '../../domain/ports/meter.js'

export interface Definition<Label extends string = string> {
  /** Without the prefix of all. */
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
}

type Of<Labels> = { readonly [K in keyof Labels]: Definition<keyof Labels[K] & string> }

const PROVIDER = ['provider', 'model'] as const

export const GAUGES: Readonly<Record<Gauge | ProviderGauge, Definition>> = {
  rate_limits_shared: {
    name: 'rate_limits_shared',
    help: '1: rate limits are counted together with all processes; 0: Redis is away, and this one gives its part of them. 1 where there is none.',
    labels: [],
  },
  redis_up: { name: 'redis_up', help: '1: Redis answers. 0 also where there is none.', labels: [] },
  database_up: { name: 'database_up', help: '1: the database answers.', labels: [] },
  runs_running: { name: 'runs_running', help: 'Answers that are being made.', labels: [] },
  runs_queued: { name: 'runs_queued', help: 'Questions that wait for their turn.', labels: [] },
  breaker_open: {
    name: 'breaker_open',
    help: '1: the provider failed too often in a row and is left alone.',
    labels: PROVIDER,
  },
}

export const COUNTS: Of<Counts> = {
  http_requests: {
    name: 'http_requests_total',
    help: 'Answers to requests, by route pattern and class of status.',
    labels: ['method', 'route', 'status'],
  },
  refusals: {
    name: 'refusals_total',
    help: 'Requests that were refused or failed, by reason.',
    labels: ['code'],
  },
  limits_hit: {
    name: 'limits_hit_total',
    help: 'Requests that met a limit, by limit and by who shares it.',
    labels: ['limit', 'scope'],
  },
  questions: {
    name: 'questions_total',
    help: 'Questions admitted, and sends repeated by clients that found their run there already.',
    labels: ['outcome'],
  },
  runs_ended: {
    name: 'runs_ended_total',
    help: 'Answers that ended, by how and why.',
    labels: ['tenant', 'status', 'error'],
  },
  streams: {
    name: 'streams_total',
    help: 'Streams that went on from a cursor, and places in them that only a snapshot could answer.',
    labels: ['outcome'],
  },
  upstream_calls: {
    name: 'upstream_calls_total',
    help: 'Calls of model providers, by outcome.',
    labels: [...PROVIDER, 'outcome'],
  },
  upstream_retries: {
    name: 'upstream_retries_total',
    help: 'Calls made because the one before had failed with this provider.',
    labels: PROVIDER,
  },
  tokens: { name: 'tokens_total', help: 'Tokens, as providers counted them.', labels: [...PROVIDER, 'kind'] },
  cost_usd: {
    name: 'cost_usd_total',
    help: 'US dollars for the tokens that providers counted, where the price of the model is known.',
    labels: PROVIDER,
  },
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const TOKEN_SECONDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 60]
const ANSWER_SECONDS = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600]

export interface DurationDefinition<Label extends string> extends Definition<Label> {
  /** Upper bounds in seconds. */
  readonly buckets: readonly number[]
}

export const DURATIONS: {
  readonly [K in keyof Durations]: DurationDefinition<keyof Durations[K] & string>
} = {
  http_request: {
    name: 'http_request_duration_seconds',
    help: 'How long answers took, streams to their end.',
    labels: ['method', 'route'],
    buckets: REQUEST_SECONDS,
  },
  first_token: {
    name: 'first_token_seconds',
    help: 'From a question to the first word of its answer.',
    labels: ['model'],
    buckets: TOKEN_SECONDS,
  },
  run: {
    name: 'run_duration_seconds',
    help: 'From a question to the end of its answer.',
    labels: ['status'],
    buckets: ANSWER_SECONDS,
  },
  queue_wait: {
    name: 'queue_wait_seconds',
    help: 'From a question to its turn.',
    labels: ['tier'],
    buckets: TOKEN_SECONDS,
  },
  upstream_first_token: {
    name: 'upstream_first_token_seconds',
    help: 'From the call of a provider to its first piece of output.',
    labels: PROVIDER,
    buckets: TOKEN_SECONDS,
  },
  upstream_call: {
    name: 'upstream_call_duration_seconds',
    help: 'How long calls of a provider took.',
    labels: PROVIDER,
    buckets: ANSWER_SECONDS,
  },
}
