/** A site, or a customer of one, with what its visitors may see and use. */
export interface Tenant {
  readonly id: string
  /** Publishable keys that `chat/start` accepts; empty: no key is needed. */
  readonly publishableKeys: readonly string[]
  /** Origins a browser may call from, as `scheme://host[:port]`. The proxy's own and localhost are always allowed for `default`. */
  readonly allowedOrigins: readonly string[]
  readonly systemPrompt: string
  readonly greeting: string
  readonly suggestions: readonly string[]
}

export const DEFAULT_TENANT_ID = 'default'
