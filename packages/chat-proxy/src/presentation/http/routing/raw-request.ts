import type { Request } from 'express'
import type { AskHost } from '../../../application/shared/proven-user.js'
import { DomainError } from '../../../domain/errors.js'
import { isStorable } from '../../../domain/strict-json.js'
import { originOf } from './cors.js'
import type { RawRequest } from './endpoint.js'

/** What is found out about a request from outside of it. */
export interface Surroundings {
  readonly askHost: AskHost
  readonly network: string | null
  readonly signal: AbortSignal
}

/** A request without the framework and without its body, which is read only for those who may send one. */
export function rawRequest(request: Request, around: Surroundings): RawRequest {
  return {
    params: request.params,
    query: () => queryOf(request.url),
    body: undefined,
    header: (name) => single(request.headers[name]),
    wantsEvents: acceptsEvents(request.headers.accept ?? ''),
    origin: originOf(request),
    ...around,
  }
}

/**
 * Flat text fields, whatever query parser the surrounding application has.
 * @throws DomainError `invalid-input` for a name that stands twice, and for text that a body could not have either
 */
function queryOf(url: string): Record<string, string> {
  const start = url.indexOf('?')
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(start < 0 ? '' : url.slice(start))) {
    if (!isStorable(name) || !isStorable(value)) {
      throw new DomainError('invalid-input', 'The query has text with U+0000. Send it without.')
    }
    if (fields.has(name)) {
      throw new DomainError('invalid-input', 'The query has a parameter that stands twice. Send it once.')
    }
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

const single = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null

/** Named, and not with `q=0`. A wildcard is no wish for a stream. */
export const acceptsEvents = (accept: string): boolean =>
  accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === 'text/event-stream' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
