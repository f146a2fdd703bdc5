import { z } from 'zod'
import { SAMPLE, time } from './common.js'

const publishableKeys = z
  .array(z.union([z.string(), z.object({ key: z.string(), expires_at: time.nullable() })]))
  .describe('Keys for X-Colloquy-Key.')

export const tenant = z.looseObject({ id: z.string(), created_at: time, updated_at: time }).meta({
  id: 'Tenant',
  description: 'The fields that were set. Secrets are written and never read.',
  examples: [
    {
      id: 'acme',
      greeting: 'Hello!',
      publishable_keys: ['pk_4be1'],
      created_at: SAMPLE.time,
      updated_at: SAMPLE.time,
    },
  ],
})

export const tenantList = z.object({ tenants: z.array(tenant) })

export const rotatedKey = z
  .object({ key: z.string().describe('The new one.'), publishable_keys: publishableKeys })
  .meta({ id: 'RotatedKey' })

export const killSwitchList = z
  .object({
    kill_switches: z.array(
      z.object({
        scope: z.enum(['installation', 'tenant', 'model']),
        tenant: z.string().exactOptional(),
        model: z.string().exactOptional(),
        since: time,
        reason: z.string(),
      }),
    ),
  })
  .meta({
    id: 'KillSwitches',
    description: 'What is switched off now.',
    examples: [{ kill_switches: [{ scope: 'tenant', tenant: 'acme', since: SAMPLE.time, reason: 'abuse' }] }],
  })
