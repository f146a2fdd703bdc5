import { z } from 'zod'

/** Where tenants come from. With none of these there is one, `default`, which the other variables describe. */
export const TENANT_VARIABLES = {
  TENANTS_FILE: z
    .string()
    .optional()
    .describe(
      'JSON file of the tenants; only those in it are served. Read again when it changes. docs/tenants.md has its fields.',
    ),
} as const
