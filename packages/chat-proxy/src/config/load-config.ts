import { join } from 'node:path'
import { z } from 'zod'
import type { IdentitySettings } from '../domain/identity.js'
import { DEFAULT_TENANT_ID, tenantOf } from '../domain/tenant.js'
import { PriceList } from '../domain/prices.js'
import { ConfigError, type Config, type ModelConfig } from './config.js'
import { identityConfigOf } from './identity-config.js'
import { IDENTITY_VARIABLES } from './identity-variables.js'
import { LIMIT_VARIABLES, limitsFrom } from './limit-variables.js'
import { METRICS_VARIABLES, metricsFrom } from './metrics-variables.js'
import { modelConfigOf } from './model-config.js'
import { builtInPrices } from './built-in-prices.js'
import {
  budgetFrom,
  limitsThatStopAll,
  QUOTA_VARIABLES,
  quotasFrom,
  unpricedModels,
} from './quota-variables.js'
import { TENANT_VARIABLES } from './tenant-variables.js'
import { CHAT_VARIABLES, MODEL_VARIABLES, SERVER_VARIABLES } from './variables.js'

const generalSchema = z.object({
  ...SERVER_VARIABLES,
  ...CHAT_VARIABLES,
  ...LIMIT_VARIABLES,
  ...QUOTA_VARIABLES,
  ...TENANT_VARIABLES,
  ...METRICS_VARIABLES,
})
const modelSchema = z.object(MODEL_VARIABLES)
const identitySchema = z.object(IDENTITY_VARIABLES)

type General = z.output<typeof generalSchema>

/**
 * The configuration that an environment describes. A variable that is set to nothing counts as not set.
 * @throws ConfigError with every problem at once
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()))
  const general = generalSchema.safeParse(env)
  const model = resolveModel(env)
  const identity = resolveIdentity(env)
  const problems = [
    ...problemsOf(general),
    ...[model, identity].flatMap((part) => ('problems' in part ? part.problems : [])),
  ]
  if (!general.success || 'problems' in model || 'problems' in identity) throw new ConfigError(problems)
  const config = configOf(general.data, model.config, identity.identity)
  const unusable = [...unpricedModels(general.data, config), ...limitsThatStopAll(general.data, config)]
  if (unusable.length > 0) throw new ConfigError(unusable)
  return config
}

function resolveModel(env: Readonly<Record<string, string | undefined>>): ReturnType<typeof modelConfigOf> {
  const parsed = modelSchema.safeParse(env)
  // What single variables get wrong says enough; their meaning together would only be guessed at.
  return parsed.success ? modelConfigOf(parsed.data, env) : { problems: problemsOf(parsed) }
}

function resolveIdentity(
  env: Readonly<Record<string, string | undefined>>,
): ReturnType<typeof identityConfigOf> {
  const parsed = identitySchema.safeParse(env)
  return parsed.success ? identityConfigOf(parsed.data) : { problems: problemsOf(parsed) }
}

const problemsOf = ({ error }: z.ZodSafeParseResult<unknown>): readonly string[] =>
  error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

const configOf = (env: General, model: ModelConfig, identity: IdentitySettings | null): Config => ({
  server: {
    port: env.PORT,
    host: env.HOST,
    shutdownGraceMs: env.SHUTDOWN_GRACE_SECONDS * 1000,
    widgetDir: env.WIDGET_DIR ?? null,
  },
  store:
    env.DATABASE_URL === undefined
      ? { kind: 'sqlite', file: join(env.DATA_DIR, 'colloquy.db') }
      : { kind: 'postgres', url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE },
  redisUrl: env.REDIS_URL ?? null,
  instances: env.INSTANCES,
  trustProxy: env.TRUST_PROXY ?? { kind: 'nobody' },
  model,
  identity,
  tenant: tenantOf({
    id: DEFAULT_TENANT_ID,
    publishableKeys: env.PUBLISHABLE_KEY === undefined ? [] : [{ key: env.PUBLISHABLE_KEY, expiresAt: null }],
    allowedOrigins: env.ALLOWED_ORIGINS,
    systemPrompt: env.SYSTEM_PROMPT,
    greeting: env.GREETING,
    suggestions: env.SUGGESTIONS,
    tier: env.TIER,
    timeZone: env.TIME_ZONE,
    retentionDays: env.RETENTION_DAYS,
    titles: env.TITLES,
    limits: { ...limitsFrom(env), ...quotasFrom(env) },
    flags: {
      chatEnabled: true,
      rolloutPercent: env.FEATURE_CHAT_PERCENT,
      adminOnly: env.FEATURE_CHAT_ADMIN_ONLY,
    },
  }),
  tenantsFile: env.TENANTS_FILE ?? null,
  adminToken: env.ADMIN_TOKEN ?? null,
  prices: pricesFrom(env, model),
  settings: {
    maxMessageChars: env.MAX_MESSAGE_CHARS,
    context: contextFrom(env),
    heartbeatMs: env.HEARTBEAT_SECONDS * 1000,
    isChatEnabled: env.FEATURE_CHAT_ENABLED,
    noReaderGraceMs: env.NO_READER_GRACE_SECONDS * 1000,
    budget: budgetFrom(env),
    load: { maxRuns: env.MAX_RUNS, maxQueued: env.MAX_QUEUED },
  },
  sessionTtlSeconds: env.SESSION_TTL,
  logLevel: env.LOG_LEVEL,
  metrics: metricsFrom(env),
})

/** What the operator says goes before the table. */
const pricesFrom = (env: General, model: ModelConfig): PriceList =>
  new PriceList(
    new Map([...(env.BUILT_IN_PRICES ? builtInPrices(model, env.CONTEXT_TOKENS) : []), ...env.PRICES]),
  )

const contextFrom = (env: General): Config['settings']['context'] => ({
  messages: env.CONTEXT_MESSAGES,
  tokens: env.CONTEXT_TOKENS,
  summarise: env.CONTEXT_SUMMARY,
})
