import type { Caller, Role } from '../../../domain/caller.js'
import type { Endpoint } from './endpoint.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * One row of the route table. `access` has no default: a row says `public` or lists the roles that may pass, and an
 * empty list lets nobody pass. `operator` is whoever knows ADMIN_TOKEN, and no role of any tenant; `monitor`, METRICS_TOKEN.
 */
export type Route = {
  readonly method: Method
  /** Parameters as `:name`. */
  readonly path: string
} & (
  | { readonly access: 'public'; readonly endpoint: Endpoint<null> }
  | { readonly access: 'operator' | 'monitor'; readonly endpoint: Endpoint<null> }
  | {
      readonly access: readonly Role[]
      /** Each call is one of `requests_per_minute`. What asks has limits of its own; what reads or stops an answer is never refused. */
      readonly isCounted?: true
      readonly endpoint: Endpoint<Caller>
    }
)
