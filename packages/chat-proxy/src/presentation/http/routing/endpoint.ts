import { z } from 'zod'
import type { RequestOrigin } from '../../../application/shared/origin-policy.js'
import type { AskHost } from '../../../application/shared/proven-user.js'
import { brokenRule } from '../../../domain/broken-rule.js'
import { DomainError } from '../../../domain/errors.js'
import type { Reply } from '../reply.js'
import type { EndpointDoc } from './documentation.js'

/** A request as an endpoint sees it: checked, and without the framework. */
export interface ApiRequest<Params, Query, Body> extends RequestInfo {
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

/** What needs no schema. */
export interface RequestInfo {
  /** The value of a header, by its lower-case name. */
  readonly header: (name: string) => string | null
  /** `Accept` names `text/event-stream`. */
  readonly wantsEvents: boolean
  readonly origin: RequestOrigin
  /** Who the host application says it is. */
  readonly askHost: AskHost
  /** Where it came from, as in `Caller`. */
  readonly network: string | null
  /** Aborts when the client went away. */
  readonly signal: AbortSignal
}

/** Parts of a request before they were checked. */
export interface RawRequest extends RequestInfo {
  readonly params: unknown
  /** @throws DomainError `invalid-input` for what no schema needs to say */
  readonly query: () => unknown
  readonly body: unknown
}

/** One endpoint: its schemas, for validation and documentation, and what it does. `Caller` is `null` for public ones. */
export interface Endpoint<Caller> {
  readonly doc: EndpointDoc
  readonly params: z.ZodType
  readonly query: z.ZodType
  readonly body: z.ZodType
  /** @throws DomainError `invalid-input` naming every field that is wrong, or what the use case throws */
  respond(raw: RawRequest, caller: Caller): Promise<Reply>
}

export interface EndpointSpec<Caller, Params, Query, Body> {
  readonly doc: EndpointDoc
  readonly params: z.ZodType<Params>
  readonly query: z.ZodType<Query>
  readonly body: z.ZodType<Body>
  handle(request: ApiRequest<Params, Query, Body>, caller: Caller): Promise<Reply>
}

export const NO_PARAMS = z.object({})
/** The query is not even read: monitors and caches add their own to an address. */
export const NO_QUERY: z.ZodType<object> = z.object({})
/** The body is not even read. */
export const NO_BODY = z.undefined()

/** Hides the types of a request behind the check that establishes them. */
export function endpoint<Caller, Params, Query, Body>(
  spec: EndpointSpec<Caller, Params, Query, Body>,
): Endpoint<Caller> {
  const { doc, params, query, body } = spec
  return {
    doc,
    params,
    query,
    body,
    respond: async (raw, caller) =>
      spec.handle(
        {
          ...raw,
          params: check(params, raw.params),
          query: check(query, query === NO_QUERY ? {} : raw.query()),
          body: check(body, raw.body),
        },
        caller,
      ),
  }
}

const MOST_ISSUES = 5
const THE_WHOLE = 'The request'

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { error: brokenRule })
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, MOST_ISSUES)
  const detail = issues.map((issue) => `${fieldOf(issue) || THE_WHOLE}: ${issue.message}`).join('; ')
  const field = issues[0] && fieldOf(issues[0])
  throw new DomainError('invalid-input', detail, field ? { field } : {})
}

/** Empty for the whole. */
function fieldOf(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return [...issue.path, ...unknown].map(String).join('.').slice(0, 100)
}
