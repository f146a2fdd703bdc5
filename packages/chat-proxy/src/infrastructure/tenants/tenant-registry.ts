import type { Clock } from '../../domain/ports/clock.js'
import type { TenantDirectory } from '../../domain/ports/tenant-directory.js'
import { DEFAULT_TENANT_ID, type Tenant } from '../../domain/tenant.js'

interface KeyHolder {
  readonly tenant: Tenant
  readonly expiresAt: number | null
}

/** The tenants of this process, in memory. Whoever reads them from somewhere replaces them all at once. */
export class TenantRegistry implements TenantDirectory {
  readonly #clock: Pick<Clock, 'now'>
  #byId: ReadonlyMap<string, Tenant> = new Map()
  #byKey: ReadonlyMap<string, KeyHolder> = new Map()
  #byOrigin: ReadonlyMap<string, readonly Tenant[]> = new Map()

  constructor(clock: Pick<Clock, 'now'>, tenants: readonly Tenant[] = []) {
    this.#clock = clock
    this.replace(tenants)
  }

  /** Those that did not change stay the same objects. */
  replace(tenants: readonly Tenant[]): void {
    const before = this.#byId
    this.#byId = new Map(tenants.map((tenant) => [tenant.id, unchanged(before.get(tenant.id), tenant)]))
    this.#byKey = new Map(
      [...this.#byId.values()].flatMap((tenant) =>
        tenant.publishableKeys.map(({ key, expiresAt }) => [key, { tenant, expiresAt }] as const),
      ),
    )
    this.#byOrigin = byOrigin(this.all)
  }

  get all(): readonly Tenant[] {
    return [...this.#byId.values()]
  }

  find(tenantId: string): Promise<Tenant | null> {
    return Promise.resolve(this.#byId.get(tenantId) ?? null)
  }

  list(): Promise<readonly Tenant[]> {
    return Promise.resolve(this.all)
  }

  findByIssuer(issuer: string): Promise<readonly Tenant[]> {
    return Promise.resolve(this.all.filter(({ identity }) => identity?.issuer === issuer))
  }

  findByOrigin(origin: string): Promise<readonly Tenant[]> {
    return Promise.resolve(this.#byOrigin.get(origin) ?? [])
  }

  findByKey(publishableKey: string | null): Promise<Tenant | null> {
    return Promise.resolve(publishableKey === null ? this.#open() : this.#holderOf(publishableKey))
  }

  #holderOf(key: string): Tenant | null {
    const holder = this.#byKey.get(key)
    if (!holder) return null
    const isOver = holder.expiresAt !== null && holder.expiresAt <= this.#clock.now()
    return isOver ? null : holder.tenant
  }

  #open(): Tenant | null {
    const only = this.#byId.size === 1 ? this.all[0] : undefined
    const open = this.#byId.get(DEFAULT_TENANT_ID) ?? only
    return open?.publishableKeys.length === 0 ? open : null
  }
}

function byOrigin(tenants: readonly Tenant[]): ReadonlyMap<string, readonly Tenant[]> {
  const found = new Map<string, Tenant[]>()
  for (const tenant of tenants)
    for (const origin of new Set(tenant.allowedOrigins))
      found.set(origin, [...(found.get(origin) ?? []), tenant])
  return found
}

/** Compared as JSON: tenants are data, and their fields come in the same order. */
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function unchanged(old: Tenant | undefined, tenant: Tenant): Tenant {
  if (!old) return tenant
  if (isSame(old, tenant)) return old
  return isSame(old.identity, tenant.identity) ? { ...tenant, identity: old.identity } : tenant
}

/** Keys that more than one tenant has, one line each; whose visitors they bring would be a matter of luck. */
export function sharedKeys(tenants: readonly Tenant[]): readonly string[] {
  const owners = new Map<string, string>()
  return tenants.flatMap(({ id, publishableKeys }) =>
    publishableKeys.flatMap(({ key }) => {
      const owner = owners.get(key)
      owners.set(key, id)
      return owner === undefined ? [] : [`${id}.publishable_keys: holds a key twice, or one of ${owner}`]
    }),
  )
}
