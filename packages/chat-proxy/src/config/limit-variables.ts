import { BlockList } from 'node:net'
import { z } from 'zod'
import { limitsOf, type Limits } from '../domain/limits.js'
import { RANGES, wholeNumberRule } from './ranges.js'
import { addTo, type TrustProxy } from '../presentation/http/routing/client-network.js'

const [LEAST, MOST] = RANGES.perMinuteOrAtOnce
const RULE = `${wholeNumberRule(RANGES.perMinuteOrAtOnce)}, or off`

/** `null` for off. */
const limit = (usual: number | null) =>
  z
    .string()
    .regex(/^(off|\d{1,7})$/, RULE)
    .transform((text) => (text === 'off' ? null : Number(text)))
    .refine((value) => value === null || (value >= LEAST && value <= MOST), RULE)
    .default(usual)

const { messagesPerMinute, sessionsPerMinute, requestsPerMinute, runsAtOnce } = limitsOf('free')

const count = (min: number, max: number) => {
  const message = wholeNumberRule([min, max])
  return z
    .string()
    .regex(/^\d{1,7}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
}

const TRUST_RULE =
  'must be the number of proxies in front (1 to 10), or their addresses and CIDR blocks, separated by commas'

/** What callers may use, and how much is done at once. */
export const LIMIT_VARIABLES = {
  MESSAGES_PER_MINUTE: limit(messagesPerMinute.user).describe(
    'Messages a minute for each person. All at once, or spread: a token bucket. off: without limit.',
  ),
  MESSAGES_PER_MINUTE_IP: limit(messagesPerMinute.ip).describe(
    'Messages a minute from each address (IPv6: each /64). Needs TRUST_PROXY behind a proxy. off: without limit.',
  ),
  MESSAGES_PER_MINUTE_TENANT: limit(messagesPerMinute.tenant).describe(
    'Messages a minute for a whole site. off: without limit.',
  ),
  SESSIONS_PER_MINUTE_IP: limit(sessionsPerMinute.ip).describe(
    'Chats started or renewed a minute from each address. off: without limit.',
  ),
  SESSIONS_PER_MINUTE_TENANT: limit(sessionsPerMinute.tenant).describe(
    'Chats started or renewed a minute on a whole site. off: without limit.',
  ),
  REQUESTS_PER_MINUTE: limit(requestsPerMinute.user).describe(
    'Times a minute that each person may list, search, open, make, change or export conversations. off: without limit.',
  ),
  REQUESTS_PER_MINUTE_IP: limit(requestsPerMinute.ip).describe(
    'The same from each address. off: without limit.',
  ),
  RUNS_AT_ONCE: limit(runsAtOnce.user).describe(
    'Answers that are made for one person at the same time; further ones wait. off: without limit.',
  ),
  RUNS_AT_ONCE_TENANT: limit(runsAtOnce.tenant).describe(
    'Answers that are made for a whole site at the same time. off: without limit.',
  ),
  MAX_RUNS: count(...RANGES.maxRuns)
    .default(256)
    .describe('Answers that this process makes at the same time; further ones wait.'),
  MAX_QUEUED: count(...RANGES.maxQueued)
    .default(256)
    .describe(
      'How many questions may wait in this process. Beyond it the answer is 503, to the lowest tier first.',
    ),
  INSTANCES: count(...RANGES.instances)
    .default(1)
    .describe('How many processes share one Redis. While it is away, each gives its part of the limits.'),
  TRUST_PROXY: z
    .string()
    .transform(trustOf)
    .refine((trust) => trust !== null, TRUST_RULE)
    .optional()
    .describe(
      'Whose X-Forwarded-For is believed: the number of proxies in front, or their addresses and CIDR blocks. Default: nobody’s.',
    ),
} as const

const limitSchema = z.object(LIMIT_VARIABLES)

type LimitEnvironment = z.output<typeof limitSchema>

/** The limits of the one tenant that the environment describes. */
export const limitsFrom = (env: LimitEnvironment): Limits => ({
  ...limitsOf('free'),
  messagesPerMinute: {
    user: env.MESSAGES_PER_MINUTE,
    ip: env.MESSAGES_PER_MINUTE_IP,
    tenant: env.MESSAGES_PER_MINUTE_TENANT,
  },
  sessionsPerMinute: { ip: env.SESSIONS_PER_MINUTE_IP, tenant: env.SESSIONS_PER_MINUTE_TENANT },
  requestsPerMinute: { user: env.REQUESTS_PER_MINUTE, ip: env.REQUESTS_PER_MINUTE_IP },
  runsAtOnce: { user: env.RUNS_AT_ONCE, tenant: env.RUNS_AT_ONCE_TENANT },
})

/** `null` for what cannot be read. */
function trustOf(text: string): TrustProxy | null {
  if (/^\d+$/.test(text)) {
    const hops = Number(text)
    const [least, most] = RANGES.proxyHops
    return hops >= least && hops <= most ? { kind: 'hops', hops } : null
  }
  const addresses = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  return addresses.length > 0 && addresses.every(isAddress) ? { kind: 'addresses', addresses } : null
}

function isAddress(entry: string): boolean {
  try {
    addTo(new BlockList(), entry)
    return true
  } catch {
    return false
  }
}
