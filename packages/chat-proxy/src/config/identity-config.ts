import type { ClaimPath, IdentityClaims, IdentityKeys, IdentitySettings } from '../domain/identity.js'
import { identityProblems } from '../domain/identity-problems.js'
import { keycloakIdentity } from './keycloak-identity.js'

/** The variables of identity, each checked by itself. */
export interface IdentityVariables {
  readonly IDENTITY_SECRET?: string | undefined
  readonly IDENTITY_JWKS_URL?: string | undefined
  readonly IDENTITY_ISSUER?: string | undefined
  readonly IDENTITY_AUDIENCE?: readonly string[] | undefined
  readonly IDENTITY_PRESET?: 'keycloak' | undefined
  readonly IDENTITY_ROLES_CLAIM?: readonly ClaimPath[] | undefined
  readonly IDENTITY_ROLES?: IdentityClaims['roleNames'] | undefined
  readonly IDENTITY_TENANT_CLAIM?: ClaimPath | undefined
}

const NAMES = {
  secret: 'IDENTITY_SECRET',
  url: 'IDENTITY_JWKS_URL',
  issuer: 'IDENTITY_ISSUER',
  audiences: 'IDENTITY_AUDIENCE',
}

type Result = { readonly identity: IdentitySettings | null } | { readonly problems: readonly string[] }

/** What the variables mean together. @returns the settings, `null` when none is set, or one line per problem */
export function identityConfigOf(variables: IdentityVariables): Result {
  if (Object.values(variables).every((value) => value === undefined)) return { identity: null }
  const keys = keysOf(variables)
  const conflicts = conflictsOf(variables)
  const identity = settingsOf(variables, keys ?? { kind: 'secret', secret: '' })
  const found = identityProblems(identity, NAMES).filter((line) => keys || !line.startsWith(NAMES.secret))
  const problems = [...conflicts, ...found]
  return problems.length > 0 ? { problems } : { identity }
}

function keysOf({ IDENTITY_SECRET, IDENTITY_JWKS_URL }: IdentityVariables): IdentityKeys | null {
  if (IDENTITY_JWKS_URL !== undefined) return { kind: 'jwks', url: IDENTITY_JWKS_URL, namedBy: 'operator' }
  return IDENTITY_SECRET === undefined ? null : { kind: 'secret', secret: IDENTITY_SECRET }
}

function conflictsOf(variables: IdentityVariables): readonly string[] {
  const { IDENTITY_SECRET: secret, IDENTITY_JWKS_URL: url, IDENTITY_PRESET: preset } = variables
  const problems: string[] = []
  if (secret !== undefined && (url !== undefined || preset !== undefined))
    problems.push('IDENTITY_SECRET: must be left out where keys are published; use one of the two')
  if (secret === undefined && url === undefined && preset === undefined)
    problems.push('IDENTITY_SECRET: must be set to accept identity tokens, or IDENTITY_JWKS_URL instead')
  if (variables.IDENTITY_ROLES_CLAIM && !variables.IDENTITY_ROLES)
    problems.push('IDENTITY_ROLES: must say what the roles in IDENTITY_ROLES_CLAIM mean here')
  return problems
}

function settingsOf(variables: IdentityVariables, keys: IdentityKeys): IdentitySettings {
  const issuer = variables.IDENTITY_ISSUER ?? ''
  const audiences = variables.IDENTITY_AUDIENCE ?? []
  const roleNames = variables.IDENTITY_ROLES ?? {}
  const tenant = variables.IDENTITY_TENANT_CLAIM ?? null
  const roles = variables.IDENTITY_ROLES_CLAIM
  if (variables.IDENTITY_PRESET === undefined)
    return { keys, issuer, audiences, claims: { roles: roles ?? [['roles']], roleNames, tenant } }
  const realm = keycloakIdentity({
    issuer,
    audiences,
    roleNames,
    tenant,
    ...(keys.kind === 'jwks' && { jwksUrl: keys.url }),
  })
  return roles ? { ...realm, claims: { ...realm.claims, roles } } : realm
}
