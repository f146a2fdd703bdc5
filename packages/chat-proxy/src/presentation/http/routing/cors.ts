import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CheckOrigin } from '../../../application/check-origin/check-origin.js'
import type { RequestOrigin } from '../../../application/shared/origin-policy.js'
import { DomainError } from '../../../domain/errors.js'

const REQUEST_HEADERS = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'User-Agent',
  'X-Colloquy-Key',
  'X-Request-Id',
  'X-Tenant-ID',
]

/** What OpenAI's own client tells about itself, under names that change with its versions. */
const OPENAI_CLIENT_HEADER = /^x-stainless-[a-z-]{1,40}$/

const allowedHeaders = (asked: string | undefined): string => {
  const names = (asked ?? '').split(',').map((name) => name.trim().toLowerCase())
  return [...REQUEST_HEADERS, ...names.filter((name) => OPENAI_CLIENT_HEADER.test(name))].join(', ')
}

/** Headers of an answer that a page may read besides the harmless ones. */
const EXPOSED_HEADERS = 'Retry-After, X-Request-Id'

/** How long a browser may remember a preflight, in seconds; an origin taken away is refused by then. */
const PREFLIGHT_MAX_AGE = '600'

export const originOf = (request: IncomingMessage): RequestOrigin => ({
  origin: request.headers.origin ?? null,
  host: request.headers.host ?? null,
})

/**
 * Lets the page that asked read the answer, if its origin may. Never with credentials: callers prove themselves with a
 * token, so no cookie is worth stealing. @returns whether it may
 */
export async function allowOrigin(
  checkOrigin: CheckOrigin,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  response.appendHeader('vary', 'Origin')
  const from = originOf(request)
  if (from.origin === null) return true
  if (!(await checkOrigin.execute(from))) return false
  response.setHeader('access-control-allow-origin', from.origin)
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS)
  return true
}

/** Answers `OPTIONS` for a path that has these methods. @throws DomainError `not-allowed` for a foreign origin */
export async function answerPreflight(
  checkOrigin: CheckOrigin,
  methods: readonly string[],
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  if (!(await allowOrigin(checkOrigin, request, response))) {
    throw new DomainError(
      'not-allowed',
      'Pages of this origin may not call this chat. The operator can allow it by adding it to ALLOWED_ORIGINS.',
    )
  }
  const allowed = methods.join(', ')
  response.setHeader('allow', allowed)
  if (request.headers.origin !== undefined) {
    response.setHeader('access-control-allow-methods', allowed)
    response.setHeader(
      'access-control-allow-headers',
      allowedHeaders(request.headers['access-control-request-headers']),
    )
    response.setHeader('access-control-max-age', PREFLIGHT_MAX_AGE)
    response.appendHeader('vary', 'Access-Control-Request-Method, Access-Control-Request-Headers')
  }
  response.writeHead(204).end()
}
