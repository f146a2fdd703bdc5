import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import type { UseCases } from '../../application/use-cases.js'
import { DomainError } from '../../domain/errors.js'
import type { Meter, Tracer } from '../../domain/ports/index.js'
import { apiOf } from './openai/api-of.js'
import { routeTable } from './routes.js'
import { askHostOf, type Authenticate } from './routing/ask-host.js'
import { authorize } from './routing/authorize.js'
import { bearerToken } from './routing/bearer-token.js'
import type { NetworkOf } from './routing/client-network.js'
import {
  allowOrigin,
  answerPreflight,
  NO_ORIGINS,
  requireTenantOrigin,
  type KnownOrigins,
} from './routing/cors.js'
import { NO_BODY } from './routing/endpoint.js'
import { observeRequest, type RequestRecord } from './routing/observe-request.js'
import { rawRequest } from './routing/raw-request.js'
import { readBody } from './routing/read-body.js'
import { requestIdOf } from './routing/request-id.js'
import type { Route } from './routing/route.js'
import { sendFailure } from './routing/send-failure.js'
import { sendReply, type ReplyDeps } from './routing/send-reply.js'
import { setStandardHeaders } from './routing/standard-headers.js'
import { Visit } from './routing/visit.js'
import type { Reply } from './reply.js'
import type { Remainder } from './stream/remainder.js'

export interface HttpDeps extends ReplyDeps {
  readonly useCases: UseCases
  /** Left out where there is no host application. */
  readonly authenticate?: Authenticate | undefined
  readonly networkOf: NetworkOf
  readonly meter: Meter
  readonly tracer: Tracer
  /** Whether `/metrics` is here; otherwise the path is left to others. */
  readonly hasMetrics: boolean
}

/** Every route of the table as an Express router. Paths that are not in the table are left to whatever comes after it. */
export function createHttpRouter(deps: HttpDeps): Router {
  const router = Router({ caseSensitive: true })
  const routes = routeTable(deps.useCases).filter(({ access }) => access !== 'monitor' || deps.hasMetrics)
  for (const route of routes) router[verbOf(route)](route.path, handlerOf(route, deps))
  for (const [path, { origins, methods }] of accessByPath(routes, deps)) {
    router.options(
      path,
      guarded(deps, (request, response) => answerPreflight(origins, methods, { request, response }), path),
    )
  }
  router.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    sendFailure(request, response, error, { ...deps, api: apiOf(pathOf(request)) }),
  )
  return router
}

/** Answers what nothing else answered, in the contract's shape. Goes last. */
export const notFound = (deps: HttpDeps): RequestHandler =>
  guarded(deps, async (request, response) => {
    await allowOrigin(deps.useCases.checkOrigin, request, response)
    throw new DomainError('route-not-found', `There is no ${request.method} on this address.`)
  })

/** What is found out about a request on its way, and when it is over. */
interface Passage {
  readonly record: RequestRecord
  readonly visit: Visit
}

/** Answers; what goes on for longer than request and response are needed is given back to be done. */
type Handle = (request: Request, response: Response, passage: Passage) => Promise<Remainder | void>

/** Around every answer: request id, headers, one log line, and no failure that goes unanswered. */
const guarded =
  (deps: HttpDeps, handle: Handle, path?: string): RequestHandler =>
  (request, response) => {
    const requestId = requestIdOf(request)
    setStandardHeaders(response, requestId)
    const record: RequestRecord = { requestId, method: request.method, route: path ?? 'unknown' }
    const visit = new Visit(response)
    const answer = async (): Promise<Remainder | void> => {
      try {
        return await handle(request, response, { record, visit })
      } catch (error) {
        sendFailure(request, response, error, { ...deps, api: apiOf(path ?? pathOf(request)) })
      }
    }
    // The framework is not given the promise: it would keep the request for as long.
    void observeRequest(deps, visit, record, () => answer().then(goOn))
  }

const goOn = (remainder: Remainder | void): Promise<void> | undefined => remainder?.()

/** One answer at this path, whatever serves it. */
export const answered = (deps: HttpDeps, path: string, handle: Handle): RequestHandler =>
  guarded(deps, handle, path)

const handlerOf = (route: Route, deps: HttpDeps): RequestHandler =>
  guarded(
    deps,
    async (request, response, passage) => {
      await allowOrigin(originsOf(route, deps), request, response)
      const reply = await respond(route, deps, { request, response, ...passage })
      const runId = runIdOf(reply)
      if (runId !== undefined) passage.record.runId = runId
      return sendReply(response, reply, { ...deps, visit: passage.visit })
    },
    route.path,
  )

/** Who, then whether, then what: nobody's body is read before they may send it. */
async function respond(route: Route, deps: HttpDeps, exchange: Exchange): Promise<Reply> {
  const { request, response, record, visit } = exchange
  const raw = rawRequest(request, {
    askHost: askHostOf(deps.authenticate, request, deps.clock),
    network: deps.networkOf(request),
    signal: visit.signal,
  })
  const withBody = async () =>
    route.endpoint.body === NO_BODY ? raw : { ...raw, body: await readBody(request, response) }
  if (route.access === 'operator')
    deps.useCases.identifyOperator.execute(bearerToken(raw.header('authorization')))
  if (route.access === 'monitor')
    deps.useCases.identifyMonitor.execute(bearerToken(raw.header('authorization')))
  if (typeof route.access === 'string') return route.endpoint.respond(await withBody(), null)
  const caller = await deps.useCases.identifyCaller.execute({
    token: bearerToken(raw.header('authorization')),
    tenantId: raw.header('x-tenant-id'),
    askHost: raw.askHost,
  })
  record.tenantId = caller.tenantId
  await requireTenantOrigin(deps.useCases.checkOrigin, caller.tenantId, { request, response })
  authorize(route.access, caller)
  const visitor = { ...caller, network: raw.network }
  if (route.isCounted) await deps.useCases.rateLimits.takeRequest(visitor)
  return route.endpoint.respond(await withBody(), visitor)
}

interface Exchange extends Passage {
  readonly request: Request
  readonly response: Response
}

/** The run or the completion that is told of. */
function runIdOf(reply: Reply): string | undefined {
  if (reply.kind === 'events') return reply.followed.run.id
  if (reply.kind === 'completion') return reply.completion.id
  return reply.kind === 'json' ? reply.runId : undefined
}

const originsOf = (route: Route, { useCases }: HttpDeps): KnownOrigins =>
  route.access === 'operator' || route.access === 'monitor' ? NO_ORIGINS : useCases.checkOrigin

/** What was asked for, wherever the router is mounted. */
const pathOf = (request: Request): string => request.baseUrl + request.path

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

const verbOf = ({ method }: Route): (typeof VERBS)[Route['method']] => VERBS[method]

interface PathAccess {
  readonly methods: readonly string[]
  readonly origins: KnownOrigins
}

function accessByPath(routes: readonly Route[], deps: HttpDeps): ReadonlyMap<string, PathAccess> {
  const paths = new Map<string, PathAccess>()
  for (const route of routes) {
    const methods = [...(paths.get(route.path)?.methods ?? []), route.method]
    paths.set(route.path, { methods, origins: originsOf(route, deps) })
  }
  return paths
}
