import { crowdedAudiences, type CrowdedTenant } from '../../domain/crowded-audiences.js'
import { DomainError } from '../../domain/errors.js'
import type {
  Clock,
  StoredTenant,
  TenantChange,
  TenantFormat,
  TenantSettings,
  TenantStore,
} from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import type { WatchControl } from '../watch-control/watch-control.js'
import { rotatedKeys } from './rotated-keys.js'
import { deletedEvent, noTenant, savedEvent, withOldSecret, withoutSecret } from './tenant-change.js'

export interface ManageTenantsDeps {
  /** `null`: they stand in a file, and are changed there. */
  readonly tenantStore: TenantStore | null
  readonly tenantFormat: TenantFormat
  readonly watchControl: WatchControl
  readonly clock: Clock
}

/** What the operator does with tenants. A change counts here when its call resolves, and in every process soon after. */
export class ManageTenants {
  readonly #deps: ManageTenantsDeps

  constructor(deps: ManageTenantsDeps) {
    this.#deps = deps
  }

  /** What `save` and `update` take, as JSON Schema. */
  get settingsSchema(): Readonly<Record<string, unknown>> {
    return this.#deps.tenantFormat.schema
  }

  /** @throws DomainError `tenants-in-file` */
  async list(): Promise<readonly StoredTenant[]> {
    return (await this.#store().list()).map(withoutSecret)
  }

  /** @throws DomainError `tenant-not-found`, `tenants-in-file` */
  async find(id: string): Promise<StoredTenant> {
    const tenant = (await this.list()).find((one) => one.id === id)
    if (!tenant) throw noTenant(id)
    return tenant
  }

  /** Creates the tenant, or puts these settings in the place of all it had. @throws DomainError `invalid-input`, `tenants-in-file` */
  async save(id: string, settings: TenantSettings): Promise<{ tenant: StoredTenant; created: boolean }> {
    let created = false
    const tenant = await this.#change(id, (before) => {
      created = before === null
      return settings
    })
    return { tenant, created }
  }

  /** Changes these fields and no others. @throws DomainError `tenant-not-found`, `invalid-input`, `tenants-in-file` */
  async update(id: string, fields: TenantSettings): Promise<StoredTenant> {
    return this.#change(id, (before) => {
      if (!before) throw noTenant(id)
      return { ...before, ...fields }
    })
  }

  /**
   * A new key, beside the old ones until they run out.
   * @param overlapMs how long those that have no end yet stay good
   * @throws DomainError `tenant-not-found`, `invalid-input`, `tenants-in-file`
   */
  async rotateKey(id: string, overlapMs: number): Promise<{ key: string; tenant: StoredTenant }> {
    const { key, add } = rotatedKeys(this.#deps.clock.now(), overlapMs)
    const tenant = await this.#change(id, (before) => {
      if (!before) throw noTenant(id)
      return { ...before, publishable_keys: add(before['publishable_keys']) }
    })
    return { key, tenant }
  }

  /** What the tenant has stored stays; nobody can reach it. @throws DomainError `tenant-not-found`, `tenants-in-file` */
  async remove(id: string): Promise<void> {
    const { clock, watchControl } = this.#deps
    await this.#store().change(id, (all) => {
      if (!all.some((tenant) => tenant.id === id)) throw noTenant(id)
      return { settings: null, event: deletedEvent(id, clock.now()) }
    })
    await watchControl.changed()
  }

  async #change(id: string, next: (before: TenantSettings | null) => TenantSettings): Promise<StoredTenant> {
    const stored = await this.#store().change(id, (all) => {
      const before = all.find((tenant) => tenant.id === id)?.settings ?? null
      return this.#checked(id, before, withOldSecret(next(before), before), all)
    })
    await this.#deps.watchControl.changed()
    if (!stored) throw noTenant(id)
    return withoutSecret(stored)
  }

  #checked(
    id: string,
    before: TenantSettings | null,
    after: TenantSettings,
    all: readonly StoredTenant[],
  ): TenantChange {
    const tenant = this.#read(id, after)
    const others = all.filter((one) => one.id !== id).flatMap((one) => readable(this.#deps.tenantFormat, one))
    const taken = new Set(others.flatMap(({ publishableKeys }) => publishableKeys.map(({ key }) => key)))
    if (tenant.publishableKeys.some(({ key }) => taken.has(key)))
      throw invalid(['publishable_keys: another tenant has one of them'])
    const crowdedAs = (last: Tenant): readonly CrowdedTenant[] =>
      crowdedAudiences([...others, last]).filter(({ tenantId }) => tenantId === id)
    const wasCrowded = (): boolean =>
      all
        .filter((one) => one.id === id)
        .flatMap((one) => readable(this.#deps.tenantFormat, one))
        .some((old) => crowdedAs(old).length > 0)
    const crowded = crowdedAs(tenant)
    // What was so before this was looked at keeps nobody from changing something else.
    if (crowded.length > 0 && !wasCrowded()) throw invalid(crowded.map(({ problem }) => problem))
    return { settings: after, event: savedEvent(id, { before, after, at: this.#deps.clock.now() }) }
  }

  #read(id: string, settings: TenantSettings): Tenant {
    const read = this.#deps.tenantFormat.read(id, settings)
    if ('problems' in read) throw invalid(read.problems)
    return read.tenant
  }

  #store(): TenantStore {
    const { tenantStore } = this.#deps
    if (tenantStore) return tenantStore
    throw new DomainError(
      'tenants-in-file',
      'The tenants stand in TENANTS_FILE. Change them there: the file is read again within a second.',
    )
  }
}

/** What cannot be read any more is in nobody's way. */
function readable(format: TenantFormat, { id, settings }: StoredTenant): readonly Tenant[] {
  const read = format.read(id, settings)
  return 'tenant' in read ? [read.tenant] : []
}

function invalid(problems: readonly string[]): DomainError {
  const [field] = /^[a-z_]+(?=[.:])/.exec(problems[0] ?? '') ?? []
  return new DomainError('invalid-input', problems.join('; '), field === undefined ? {} : { field })
}
