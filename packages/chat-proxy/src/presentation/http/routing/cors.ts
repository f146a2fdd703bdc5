import type { IncomingMessage, ServerResponse } from 'node:http'
import { FOREIGN_ORIGIN, type CheckOrigin } from '../../../application/check-origin/check-origin.js'
import type { RequestOrigin } from '../../../application/shared/origin-policy.js'
import { DomainError } from '../../../domain/errors.js'
import { LIMIT_HEADERS } from '../openai/limit-headers.js'

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

/** Headers of an answer that a page may read besides the harmless ones; OpenAI's client goes by the last ones, also in a page. */
const EXPOSED_HEADERS = [
  'Content-Disposition',
  'Retry-After',
  'X-Request-Id',
  'X-Should-Retry',
  ...LIMIT_HEADERS,
].join(', ')

/** How long a browser may remember a preflight, in seconds; an origin taken away is refused by then. */
const PREFLIGHT_MAX_AGE = '600'

/** Which pages may read answers before it is known who is calling. */
export type KnownOrigins = Pick<CheckOrigin, 'isKnown'>

/** The operator's calls come from no page of a tenant; a page of the proxy's own origin needs no leave. */
export const NO_ORIGINS: KnownOrigins = { isKnown: ({ origin }) => Promise.resolve(origin === null) }

const ALLOW_ORIGIN = 'access-control-allow-origin'

export const originOf = (request: IncomingMessage): RequestOrigin => ({
  origin: request.headers.origin ?? null,
  host: request.headers.host ?? null,
})

/**
 * Lets the page that asked read the answer, if it is a page of some tenant: of which, is known only later. Never with
 * credentials: callers prove themselves with a token, so no cookie is worth stealing. @returns whether it may
 */
export async function allowOrigin(
  origins: KnownOrigins,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  response.appendHeader('vary', 'Origin')
  const from = originOf(request)
  if (from.origin === null) return true
  if (!(await origins.isKnown(from))) return false
  response.setHeader(ALLOW_ORIGIN, from.origin)
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS)
  return true
}

/** Now that the tenant is known: a page of another one may neither call nor read that it may not. @throws DomainError `not-allowed` */
export async function requireTenantOrigin(
  checkOrigin: CheckOrigin,
  tenantId: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  try {
    await checkOrigin.requireTenant(tenantId, originOf(request))
  } catch (error) {
    response.removeHeader(ALLOW_ORIGIN)
    throw error
  }
}

/** Answers `OPTIONS` for a path that has these methods. @throws DomainError `not-allowed` for a foreign origin */
export async function answerPreflight(
  origins: KnownOrigins,
  methods: readonly string[],
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  if (!(await allowOrigin(origins, request, response))) {
    throw new DomainError('not-allowed', FOREIGN_ORIGIN)
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
