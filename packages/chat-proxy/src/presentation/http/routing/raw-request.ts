import type { Request, Response } from 'express'
import type { AskHost } from '../../../application/shared/proven-user.js'
import { originOf } from './cors.js'
import type { RawRequest } from './endpoint.js'

/** What is found out about a request from outside of it. */
export interface Surroundings {
  readonly askHost: AskHost
  readonly network: string | null
}

/** A request without the framework and without its body, which is read only for those who may send one. */
export function rawRequest(request: Request, response: Response, around: Surroundings): RawRequest {
  return {
    params: request.params,
    query: queryOf(request.url),
    body: undefined,
    header: (name) => single(request.headers[name]),
    wantsEvents: acceptsEvents(request.headers.accept ?? ''),
    origin: originOf(request),
    ...around,
    signal: departure(response),
  }
}

/** Flat text fields, whatever query parser the surrounding application has. */
function queryOf(url: string): Record<string, string> {
  const start = url.indexOf('?')
  return Object.fromEntries(new URLSearchParams(start < 0 ? '' : url.slice(start)))
}

const single = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null

/** Named, and not with `q=0`. A wildcard is no wish for a stream. */
export const acceptsEvents = (accept: string): boolean =>
  accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === 'text/event-stream' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })

/** Aborts when the connection closes before the answer was complete. */
function departure(response: Response): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}
