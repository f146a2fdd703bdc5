import type { Tenant } from '../tenant.js'

/** What is said of a tenant as JSON: the same fields in a file, in the database and in the admin API. */
export type TenantSettings = Readonly<Record<string, unknown>>

/** Reads what is said of a tenant. What is left out is as the installation's own settings have it. */
export interface TenantFormat {
  /** The settings as JSON Schema, for documentation. */
  readonly schema: Readonly<Record<string, unknown>>
  /** @returns the tenant, or one line per problem: the field, and what is accepted. No value is quoted. */
  read(id: string, settings: TenantSettings): ReadTenant
}

export type ReadTenant = { readonly tenant: Tenant } | { readonly problems: readonly string[] }
