import { z } from 'zod'

/** Where tenants come from. With none of these there is one, `default`, which the other variables describe. */
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
} as const
