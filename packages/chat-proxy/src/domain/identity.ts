import type { Role } from './caller.js'

/** How the identity tokens of one issuer are checked, and what their claims mean here. */
export interface IdentitySettings {
  readonly keys: IdentityKeys
  /** `iss` of its tokens, exactly. */
  readonly issuer: string
  /** A token names at least one of them in `aud`. Never empty. */
  readonly audiences: readonly string[]
  readonly claims: IdentityClaims
}

/** What tokens are signed with. The kind decides which algorithms count, whatever a token says of itself. */
export type IdentityKeys =
  /** Shared with the backend of the host: HS256, HS384, HS512. At least 32 bytes of UTF-8. */
  | { readonly kind: 'secret'; readonly secret: string }
  /** Public keys that the issuer publishes: RS, PS, ES and EdDSA. */
  | {
      readonly kind: 'jwks'
      readonly url: string
      /**
       * Who chose the address. One from the `operator` may be anywhere, also in a private network and without TLS; one from a
       * `tenant` must be https and is refused at connect time unless it leads to a public address.
       */
      readonly namedBy: 'operator' | 'tenant'
    }

/**
 * Where a value stands in a token, as the names to follow from the top: `['realm_access', 'roles']`. A list of names and no
 * text with dots, because the names of claims and clients may have dots in them.
 */
export type ClaimPath = readonly [string, ...string[]]

export interface IdentityClaims {
  /** Each a name, or a list of names, of roles in the issuer's own words. Those of all paths count together. */
  readonly roles: readonly ClaimPath[]
  /** From the issuer's words to ours; the strongest one counts. What is not in it means nothing: such a caller is a `user`. */
  readonly roleNames: Readonly<Record<string, Exclude<Role, 'visitor'>>>
  /**
   * The tenant's id, or a list of ids. `null`: the token is good for the tenant that these settings belong to, or for
   * `default` where they belong to the installation. For a tenant's own settings a claim can only narrow: the token has to
   * name that tenant.
   */
  readonly tenant: ClaimPath | null
}

/** What a user proved, by a verified token or through the host. */
export interface VerifiedIdentity {
  /** Id of the user at the issuer or in the host. */
  readonly userId: string
  /** The tenants in which it counts, each once, and as what. Never empty. */
  readonly grants: readonly TenantGrant[]
  /** Milliseconds since 1970; `null`: as long as the request. */
  readonly expiresAt: number | null
}

/** What a host application says of the user behind a request. */
export interface HostCaller {
  /** The user's id in the host, the same for ever. Up to 255 characters, none of them a control character. */
  readonly userId: string
  /** Default: `user`. */
  readonly role?: Exclude<Role, 'visitor'>
  /** The tenant, or those among which `X-Tenant-ID` may choose. Default: `default`. */
  readonly tenantId?: string | readonly string[]
}

export interface TenantGrant {
  readonly tenantId: string
  readonly role: Role
}

const LONGEST_USER_ID = 255

/**
 * Whether an id can name a user: text that every store keeps as it is, so that no two ids become one. Control characters
 * and lone surrogates are not.
 */
export const isUserId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= LONGEST_USER_ID &&
  !/[\p{Cc}\p{Cs}]/u.test(value)
