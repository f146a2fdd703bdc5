import { z } from 'zod'

const PERCENT_RULE = 'must be a number from 0 to 100'

const flag = (usual: 'true' | 'false') =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .default(usual)
    .transform((text) => text === 'true')

/** Where tenants come from, and who gets the chat. With none of these there is one, `default`, which the other variables describe. */
export const TENANT_VARIABLES = {
  TENANTS_FILE: z
    .string()
    .optional()
    .describe(
      'JSON file of the tenants; only those in it are served. Read again when it changes. docs/tenants.md has its fields.',
    ),
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,200}$/, 'must be 32 to 200 visible ASCII characters without spaces')
    .optional()
    .describe(
      'Opens the admin API under /api/v1/admin to whoever sends it as a bearer token. Off without it.',
    ),
  FEATURE_CHAT_ENABLED: flag('true').describe('false switches the chat off for everybody, of every tenant.'),
  FEATURE_CHAT_PERCENT: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,2})?$/, PERCENT_RULE)
    .transform(Number)
    .pipe(z.number().max(100, PERCENT_RULE))
    .default(100)
    .describe('Share of callers that get the chat. A caller stays in or out. Tenants may say otherwise.'),
  FEATURE_CHAT_ADMIN_ONLY: flag('false').describe(
    'true: only admins get the chat. Tenants may say otherwise.',
  ),
} as const
