import { z } from 'zod'
import { DEFAULT_TENANT_ID } from '../domain/tenant.js'

const PORT_RULE = 'must be a whole number from 1 to 65535'

/** Who may read `/metrics`. With neither of the first two there is none. */
export const METRICS_VARIABLES = {
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, 'must be 16 to 200 visible ASCII characters without spaces')
    .optional()
    .describe('Opens /metrics, for Prometheus, to whoever sends it as a bearer token.'),
  METRICS_PORT: z
    .string()
    .regex(/^\d{1,5}$/, PORT_RULE)
    .transform(Number)
    .pipe(z.number().min(1, PORT_RULE).max(65_535, PORT_RULE))
    .optional()
    .describe(
      'Port of its own for /metrics, on the address of HOST; then the other port has none. Keep it from the internet, or set METRICS_TOKEN as well.',
    ),
  METRICS_TENANTS: z
    .string()
    .default(DEFAULT_TENANT_ID)
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine((list) => list.length <= 100, 'must be 100 tenants at most')
    .describe(
      'Tenants that have series of their own in /metrics, separated by commas; all others are "other".',
    ),
} as const

/** Who may read what is measured, and which tenants are told apart in it. */
export interface MetricsConfig {
  /** `null`: whoever reaches the port. */
  readonly token: string | null
  /** `null`: on the port of the chat. */
  readonly port: number | null
  readonly tenants: readonly string[]
}

const metricsSchema = z.object(METRICS_VARIABLES)

/** `null`: nothing is measured. */
export function metricsFrom(env: z.output<typeof metricsSchema>): MetricsConfig | null {
  const { METRICS_TOKEN: token = null, METRICS_PORT: port = null, METRICS_TENANTS: tenants } = env
  return token === null && port === null ? null : { token, port, tenants }
}
