import { ConfigError, type Config } from '../config/config.js'
import type { Clock, Logger, TenantDirectory } from '../domain/ports/index.js'
import { JsonTenantFormat } from '../infrastructure/tenants/json-tenant-format.js'
import { TenantRegistry } from '../infrastructure/tenants/tenant-registry.js'
import { TenantsFile } from '../infrastructure/tenants/tenants-file.js'
import { tenantRules } from './tenant-rules.js'

/** The tenants, from wherever the configuration says. */
export interface Tenants {
  readonly directory: TenantDirectory
  close(): Promise<void>
}

export interface TenantsOptions {
  readonly config: Pick<Config, 'tenant' | 'tenantsFile' | 'model' | 'prices' | 'settings'>
  readonly clock: Clock
  readonly logger: Logger
}

/** @throws ConfigError with every problem of the file */
export async function openTenants({ config, clock, logger }: TenantsOptions): Promise<Tenants> {
  const registry = new TenantRegistry(clock, [config.tenant])
  if (config.tenantsFile === null) return { directory: registry, close: () => Promise.resolve() }
  const rules = tenantRules({ ...config, installation: config.settings.budget.installation })
  const format = new JsonTenantFormat({ base: config.tenant, namedBy: 'operator' }, rules)
  const file = new TenantsFile({ path: config.tenantsFile, format, registry, clock, logger })
  const problems = await file.start()
  if (problems.length > 0) throw new ConfigError(problems.map((line) => `TENANTS_FILE: ${line}`))
  return { directory: registry, close: () => file.stop() }
}
