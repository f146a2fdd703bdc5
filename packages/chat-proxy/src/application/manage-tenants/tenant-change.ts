import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError } from '../../domain/errors.js'
import type { StoredTenant, TenantSettings } from '../../domain/ports/index.js'

/** Who changes tenants, in events. */
export const OPERATOR = 'operator'

/** The audit row: what was changed, by name. Values may be secrets. */
export const savedEvent = (
  id: string,
  { before, after, at }: { before: TenantSettings | null; after: TenantSettings; at: number },
): DomainEvent => ({
  tenantId: id,
  type: 'tenant.saved',
  subjectId: id,
  actor: OPERATOR,
  at,
  data: { created: before === null, fields: changedFields(before ?? {}, after).join(',') },
})

export const deletedEvent = (id: string, at: number): DomainEvent => ({
  tenantId: id,
  type: 'tenant.deleted',
  subjectId: id,
  actor: OPERATOR,
  at,
  data: {},
})

const changedFields = (before: TenantSettings, after: TenantSettings): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )

/** Without what nobody gets back: secrets are written and never read. */
export function withoutSecret(tenant: StoredTenant): StoredTenant {
  const identity = fieldsOf(tenant.settings['identity'])
  if (!identity) return tenant
  const { secret: _secret, ...rest } = identity
  return { ...tenant, settings: { ...tenant.settings, identity: rest } }
}

/** A secret that is left out stays: what was read can be changed and written again. */
export function withOldSecret(settings: TenantSettings, before: TenantSettings | null): TenantSettings {
  const [identity, old] = [fieldsOf(settings['identity']), fieldsOf(before?.['identity'])]
  if (!identity || typeof old?.['secret'] !== 'string') return settings
  if ('secret' in identity || 'jwks_url' in identity) return settings
  return { ...settings, identity: { ...identity, secret: old['secret'] } }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

export const noTenant = (id: string): DomainError =>
  new DomainError('tenant-not-found', `No tenant with ID ${id}`)
