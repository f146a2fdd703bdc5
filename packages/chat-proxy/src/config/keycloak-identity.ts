import type { ClaimPath, IdentityClaims, IdentitySettings } from '../domain/identity.js'

export interface KeycloakRealm {
  /** Such as `https://sso.example.com/realms/shop`. */
  readonly issuer: string
  /** What the realm puts into `aud` for this chat: usually the client's id, by an audience mapper. */
  readonly audiences: readonly string[]
  /** From names of realm roles and of the clients' roles to ours. */
  readonly roleNames: IdentityClaims['roleNames']
  /** Clients whose roles count. Default: those in `audiences`. */
  readonly clients?: readonly string[]
  readonly tenant?: ClaimPath | null
  /** Where the realm's keys are, when the proxy reaches it by another address than browsers do. */
  readonly jwksUrl?: string
}

/** The layout of Keycloak's access tokens: realm roles in one claim, each client's roles in another. */
export const keycloakIdentity = (realm: KeycloakRealm): IdentitySettings => ({
  keys: {
    kind: 'jwks',
    url: realm.jwksUrl ?? `${realm.issuer.replace(/\/$/, '')}/protocol/openid-connect/certs`,
    namedBy: 'operator',
  },
  issuer: realm.issuer,
  audiences: realm.audiences,
  claims: {
    roles: [
      ['realm_access', 'roles'],
      ...(realm.clients ?? realm.audiences).map((client): ClaimPath => ['resource_access', client, 'roles']),
    ],
    roleNames: realm.roleNames,
    tenant: realm.tenant ?? null,
  },
})
