import { ConfigError, type Config } from '../config/config.js'
import type {
  Clock,
  Logger,
  Refreshable,
  TenantDirectory,
  TenantFormat,
  TenantStore,
} from '../domain/ports/index.js'
import { SqlTenantStore, type SqlDatabase } from '../infrastructure/sql/index.js'
import { JsonTenantFormat } from '../infrastructure/tenants/json-tenant-format.js'
import { StoredTenants } from '../infrastructure/tenants/stored-tenants.js'
import { TenantRegistry } from '../infrastructure/tenants/tenant-registry.js'
import { TenantsFile } from '../infrastructure/tenants/tenants-file.js'
import { tenantRules } from './tenant-rules.js'

/** The tenants, from wherever the configuration says. */
export interface Tenants {
  readonly directory: TenantDirectory
  /** `null`: they stand in a file. */
  readonly store: TenantStore | null
  readonly format: TenantFormat
  /** Read again when the operator changed something. */
  readonly refreshed: readonly Refreshable[]
  close(): Promise<void>
}

export interface TenantsOptions {
  readonly config: Pick<Config, 'tenant' | 'tenantsFile' | 'model' | 'prices' | 'settings'>
  readonly database: SqlDatabase
  readonly clock: Clock
  readonly logger: Logger
}

/** @throws ConfigError with every problem of the file */
export async function openTenants(options: TenantsOptions): Promise<Tenants> {
  const { config, clock } = options
  const registry = new TenantRegistry(clock, [config.tenant])
  return config.tenantsFile === null
    ? tenantsOfDatabase(options, registry)
    : tenantsOfFile(options, registry, config.tenantsFile)
}

function tenantsOfDatabase({ config, database, logger }: TenantsOptions, registry: TenantRegistry): Tenants {
  const store = new SqlTenantStore(database)
  // Whoever got hold of the operator's token must not reach into the private network by it.
  const format = formatOf(config, 'tenant')
  return {
    directory: registry,
    store,
    format,
    refreshed: [new StoredTenants({ store, format, base: config.tenant, registry, logger })],
    close: () => Promise.resolve(),
  }
}

async function tenantsOfFile(
  { config, clock, logger }: TenantsOptions,
  registry: TenantRegistry,
  path: string,
): Promise<Tenants> {
  const format = formatOf(config, 'operator')
  const file = new TenantsFile({ path, format, registry, clock, logger })
  const problems = await file.start()
  if (problems.length > 0) throw new ConfigError(problems.map((line) => `TENANTS_FILE: ${line}`))
  return { directory: registry, store: null, format, refreshed: [], close: () => file.stop() }
}

function formatOf(config: TenantsOptions['config'], namedBy: 'operator' | 'tenant'): TenantFormat {
  const rules = tenantRules({ ...config, budget: config.settings.budget })
  return new JsonTenantFormat({ base: config.tenant, namedBy }, rules)
}
