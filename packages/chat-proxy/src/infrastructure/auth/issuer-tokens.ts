import { errors, type JWTPayload } from 'jose'
import { MOST_KEYS_OF_AN_AUDIENCE } from '../../domain/crowded-audiences.js'
import { DomainError } from '../../domain/errors.js'
import {
  isUserId,
  type IdentitySettings,
  type TenantGrant,
  type VerifiedIdentity,
} from '../../domain/identity.js'
import type { IdentityTokens, TenantDirectory } from '../../domain/ports/index.js'
import { DEFAULT_TENANT_ID } from '../../domain/tenant.js'
import { namesAt, roleOf, strongest } from './claims.js'
import { isOrdinary, readCompactToken, type CompactToken } from './compact-token.js'
import { KeyRing } from './key-ring.js'
import type { PublishedKeysDeps } from './published-keys.js'
import type { TokenKeys } from './token-keys.js'
import { VerifiedTokens } from './verified-tokens.js'

export interface IssuerTokensDeps extends PublishedKeysDeps {
  readonly tenants: Pick<TenantDirectory, 'findByIssuer'>
  /** Those of the installation. */
  readonly settings: IdentitySettings | null
}

/** Settings that know the issuer a token names, and whose they are; `null`: the installation's. */
interface Trust {
  readonly tenantId: string | null
  readonly settings: IdentitySettings
  readonly keys: TokenKeys
}

interface Verified {
  readonly identity: VerifiedIdentity
  readonly issuer: string
  /** Whose settings it was verified by, and with which state of which keys: when one has changed, it is looked at anew. */
  readonly settings: readonly IdentitySettings[]
  readonly keys: readonly { readonly keys: TokenKeys; readonly version: number }[]
}

/** Seconds by which the issuer's clock and ours may differ. */
const SKEW = 30
/** Different keys that are tried for one token: with those of tenants the installation's. */
const MOST_TRIES = MOST_KEYS_OF_AN_AUDIENCE + 1

/** Identity tokens as JWTs of the issuers that installation and tenants name. */
export class IssuerTokens implements IdentityTokens {
  readonly #deps: IssuerTokensDeps
  readonly #ring: KeyRing
  readonly #verified: VerifiedTokens<Verified>

  constructor(deps: IssuerTokensDeps) {
    this.#deps = deps
    this.#ring = new KeyRing(deps)
    this.#verified = new VerifiedTokens(deps.clock)
  }

  async verify(token: string): Promise<VerifiedIdentity | null> {
    const known = this.#verified.get(token)
    if (known && isCurrent(known, await this.#trusts(known.issuer))) return known.identity
    const read = readCompactToken(token)
    const issuer = read?.payload['iss']
    // Chooses who is asked, no more: the signature and the very same claim are verified below.
    if (!read || typeof issuer !== 'string') return null
    const trusts = await this.#trusts(issuer)
    if (trusts.length === 0) return null
    if (!isOrdinary(read)) throw invalid()
    const verified = await this.#check(token, issuer, { trusts, read })
    this.#verified.add(token, verified, verified.identity.expiresAt ?? 0)
    return verified.identity
  }

  async #trusts(issuer: string): Promise<readonly Trust[]> {
    const { settings, tenants } = this.#deps
    const own = settings?.issuer === issuer ? [{ tenantId: null, settings }] : []
    const theirs = (await tenants.findByIssuer(issuer)).flatMap(({ id, identity }) =>
      identity ? [{ tenantId: id, settings: identity }] : [],
    )
    return [...own, ...theirs].map((trust) => ({ ...trust, keys: this.#ring.of(trust.settings.keys) }))
  }

  async #check(
    token: string,
    issuer: string,
    { trusts, read }: { readonly trusts: readonly Trust[]; readonly read: CompactToken },
  ): Promise<Verified> {
    const grants = new Map<string, TenantGrant>()
    const verifiers: { keys: TokenKeys; version: number }[] = []
    const failures: unknown[] = []
    let found: JWTPayload | undefined
    for (const { keys, theirs } of byKeys(likely(trusts, read))) {
      try {
        const { claims, version } = await keys.verify(token, this.#options(issuer, theirs))
        for (const grant of grantsOf(claims, theirs)) addGrant(grants, grant)
        verifiers.push({ keys, version })
        found = claims
      } catch (error) {
        failures.push(error)
      }
    }
    if (!found) throw refusal(failures)
    const identity = identityOf(found, [...grants.values()])
    return { identity, issuer, settings: trusts.map(({ settings }) => settings), keys: verifiers }
  }

  #options(issuer: string, trusts: readonly Trust[]) {
    return {
      issuer,
      audience: trusts.flatMap(({ settings }) => settings.audiences),
      requiredClaims: ['sub', 'exp'],
      clockTolerance: SKEW,
      currentDate: new Date(this.#deps.clock.now()),
    }
  }
}

/**
 * Those to whom the token would mean something if it were good. Chooses whose keys are tried, no more: many tenants may have one
 * issuer, and a secret each.
 */
function likely(trusts: readonly Trust[], { payload }: CompactToken): readonly Trust[] {
  const found = trusts.filter((trust) => grantsOf(payload, [trust]).length > 0)
  return found.length > 0 ? found : trusts
}

/** Each signature is checked once, however many tenants go by the same keys. */
function byKeys(trusts: readonly Trust[]): readonly { readonly keys: TokenKeys; readonly theirs: Trust[] }[] {
  const groups = new Map<TokenKeys, Trust[]>()
  for (const trust of trusts) groups.set(trust.keys, [...(groups.get(trust.keys) ?? []), trust])
  return [...groups].slice(0, MOST_TRIES).map(([keys, theirs]) => ({ keys, theirs }))
}

const isCurrent = ({ settings, keys }: Verified, trusts: readonly Trust[]): boolean =>
  trusts.length === settings.length &&
  trusts.every((trust, index) => trust.settings === settings[index]) &&
  keys.every((one) => one.keys.version() === one.version)

/** What verified claims mean to those who trust their keys. */
const grantsOf = (claims: JWTPayload, trusts: readonly Trust[]): readonly TenantGrant[] =>
  trusts
    .filter(({ settings }) => isMeantFor(claims, settings))
    .flatMap(({ tenantId, settings }) => {
      const role = roleOf(claims, settings.claims)
      return tenantsOf(claims, tenantId, settings).map((id) => ({ tenantId: id, role }))
    })

/** The audience of one of several that share keys is not that of the others. */
const isMeantFor = ({ aud }: JWTPayload, { audiences }: IdentitySettings): boolean =>
  [aud].flat().some((one) => one !== undefined && audiences.includes(one))

function tenantsOf(
  claims: JWTPayload,
  tenantId: string | null,
  { claims: { tenant } }: IdentitySettings,
): readonly string[] {
  if (tenant === null) return [tenantId ?? DEFAULT_TENANT_ID]
  const named = namesAt(claims, tenant)
  return tenantId === null ? named : named.filter((id) => id === tenantId)
}

function addGrant(grants: Map<string, TenantGrant>, { tenantId, role }: TenantGrant): void {
  const other = grants.get(tenantId)
  grants.set(tenantId, { tenantId, role: other ? strongest(role, other.role) : role })
}

function identityOf({ sub, exp = 0 }: JWTPayload, grants: readonly TenantGrant[]): VerifiedIdentity {
  if (!isUserId(sub)) throw new DomainError('not-authenticated', 'The identity token names no user in "sub".')
  if (grants.length === 0) throw new DomainError('not-authenticated', 'The identity token names no tenant.')
  return { userId: sub, grants, expiresAt: exp * 1000 }
}

const invalid = (): DomainError =>
  new DomainError('not-authenticated', 'The identity token is not valid. Get a new one from the site.')

/** The failure that helps most: a good token that ran out, then keys that cannot be had, then a bad token. */
function refusal(failures: readonly unknown[]): unknown {
  if (failures.some((error) => error instanceof errors.JWTExpired))
    return new DomainError('token-expired', 'The identity token has expired. Get a new one from the site.')
  // What jose refuses is a bad token; anything else stays what it is.
  return failures.find((error) => !(error instanceof errors.JOSEError)) ?? invalid()
}
