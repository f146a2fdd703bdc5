import { z } from 'zod'
import { brokenRule } from '../../domain/broken-rule.js'
import { identityProblems } from '../../domain/identity-problems.js'
import { isPlainlyForbidden } from '../outbound/public-address.js'
import type { ReadTenant, TenantFormat, TenantSettings } from '../../domain/ports/tenant-format.js'
import type { Tenant } from '../../domain/tenant.js'
import { needsKey, tenantFromJson, type TenantBase } from './tenant-from-json.js'
import { tenantId, tenantSchema } from './tenant-schema.js'

/** What only the installation knows about what a tenant may name. */
export interface TenantRules {
  /** What is wrong with the models that a tenant names, one line each. */
  modelProblems(this: void, tenant: Tenant): readonly string[]
}

export class JsonTenantFormat implements TenantFormat {
  readonly schema = z.toJSONSchema(tenantSchema, { io: 'input', unrepresentable: 'any' })
  readonly #base: TenantBase
  readonly #rules: TenantRules

  constructor(base: TenantBase, rules: TenantRules) {
    this.#base = base
    this.#rules = rules
  }

  read(id: string, settings: TenantSettings): ReadTenant {
    const [known, json] = [tenantId.safeParse(id), tenantSchema.safeParse(settings, { error: brokenRule })]
    const problems = [...linesOf(known.error, 'id'), ...linesOf(json.error)]
    if (!json.success || problems.length > 0) return { problems }
    const tenant = tenantFromJson(id, json.data, this.#base)
    const found = [
      ...this.#tenantProblems(tenant),
      ...bothKeys(json.data.identity),
      ...unreachableKeys(tenant),
    ]
    return found.length > 0 ? { problems: found } : { tenant }
  }

  #tenantProblems(tenant: Tenant): readonly string[] {
    const identity = tenant.identity === null ? [] : identityProblems(tenant.identity, IDENTITY_NAMES)
    const key = needsKey(tenant)
      ? ['publishable_keys: must hold a key, or identity must say how users sign in']
      : []
    return [...key, ...identity, ...this.#rules.modelProblems(tenant)]
  }
}

const IDENTITY_NAMES = {
  secret: 'identity.secret',
  url: 'identity.jwks_url',
  issuer: 'identity.issuer',
  audiences: 'identity.audiences',
}

const bothKeys = (
  identity: { secret?: string | undefined; jwks_url?: string | undefined } | null | undefined,
) =>
  identity?.secret !== undefined && identity.jwks_url !== undefined
    ? ['identity.secret: must be left out where keys are published; use one of the two']
    : []

/** What a tenant names is fetched from public addresses alone. */
const unreachableKeys = ({ identity }: Tenant): readonly string[] =>
  identity?.keys.kind === 'jwks' &&
  identity.keys.namedBy === 'tenant' &&
  isPlainlyForbidden(identity.keys.url)
    ? ['identity.jwks_url: must be a public address, without a user name or password']
    : []

/** Values may be secrets: a line has the place and the rule alone. */
const linesOf = (error: z.ZodError | undefined, field?: string): readonly string[] =>
  error?.issues.map((issue) => {
    const place = field ?? issue.path.join('.')
    const rule = issue.code === 'unrecognized_keys' ? `has no field ${issue.keys.join(', ')}` : issue.message
    return place === '' ? rule : `${place}: ${rule}`
  }) ?? []
