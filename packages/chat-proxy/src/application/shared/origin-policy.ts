import { DEFAULT_TENANT_ID, type Tenant } from '../../domain/tenant.js'

/** Where a request came from, as its headers say. */
export interface RequestOrigin {
  /** `Origin`; `null` when there is none, which no browser leaves out of a cross-origin call. */
  readonly origin: string | null
  /** `Host`: where the request went. */
  readonly host: string | null
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a page of this origin may call for this tenant. A request without `Origin` is not from a foreign page: servers
 * and command lines may always try.
 */
export function isOriginAllowed(tenant: Tenant, { origin, host }: RequestOrigin): boolean {
  if (origin === null) return true
  if (tenant.allowedOrigins.includes(origin)) return true
  if (tenant.id !== DEFAULT_TENANT_ID || !URL.canParse(origin)) return false
  const url = new URL(origin)
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  // `Origin` is exactly scheme and authority; anything longer was not written by a browser.
  return isWeb && url.origin === origin && (LOOPBACK.has(url.hostname) || url.host === host)
}
