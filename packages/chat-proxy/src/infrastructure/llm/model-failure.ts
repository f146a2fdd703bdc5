import { ModelError } from '../../domain/model-error.js'
import { ConnectFailure } from './http1/connect-failure.js'
import { Refusal, type ProviderHeaders } from './provider-connection.js'

/** What the operator can do about a refusal. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'the request may be too long for the model',
  401: 'check the key',
  402: 'check the account’s credit',
  403: 'check what the key may do',
  404: 'check the model name and the base URL',
  413: 'the request is too long for the model',
  422: 'the provider may not know a field of the request',
}

/**
 * What went wrong on the way to the provider, as a `ModelError`. Neither message nor cause holds the key, the
 * conversation or the provider's words: bodies of error answers like to quote all three.
 * @param now milliseconds since 1970, to read a `Retry-After` that is a date
 */
export function toModelError(error: unknown, now: number): ModelError {
  if (error instanceof ConnectFailure) return notConnected(error)
  if (error instanceof Refusal) return refused(error, now)
  return new ModelError('broken', 'The connection to the model provider broke off or sent garbage.')
}

const notConnected = ({ code, isTimeout }: ConnectFailure): ModelError =>
  isTimeout
    ? new ModelError('timeout-connect', 'The model provider did not accept the connection in time.')
    : new ModelError('unavailable', `The model provider cannot be reached (${code}).`)

function refused({ status, headers }: Refusal, now: number): ModelError {
  const retryAfter = parseRetryAfter(headers, now)
  const options = retryAfter === undefined ? { status } : { status, retryAfter }
  if (status === 408 || status === 429 || status >= 500)
    return new ModelError('unavailable', `The model provider answered ${status}.`, options)
  const advice = ADVICE[status] ?? 'check the base URL'
  return new ModelError('rejected', `The model provider refused with ${status}: ${advice}.`, options)
}

/** Milliseconds; from `retry-after-ms`, or from `retry-after` in seconds or as a date. */
function parseRetryAfter(headers: ProviderHeaders, now: number): number | undefined {
  const precise = positive(headers.get('retry-after-ms'))
  if (precise !== undefined) return precise
  const text = headers.get('retry-after')
  const seconds = positive(text)
  if (seconds !== undefined) return seconds * 1000
  const date = Date.parse(text ?? '')
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const positive = (text: string | undefined): number | undefined =>
  text && /^\d{1,9}(\.\d+)?$/.test(text.trim()) ? Math.ceil(Number(text)) : undefined
