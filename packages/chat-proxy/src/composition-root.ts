import { randomUUID } from 'node:crypto'
import type { RequestHandler, Router } from 'express'
import { LEASE_MS } from './application/generate/leases.js'
import { createUseCases, type Ports } from './application/use-cases.js'
import { budgetProblems } from './composition-root/budget-problems.js'
import { createModels, type Models } from './composition-root/create-models.js'
import { openDatabase } from './composition-root/open-database.js'
import { openExchange, type Exchange } from './composition-root/open-exchange.js'
import { openMetrics, type Metrics } from './composition-root/open-metrics.js'
import { openTenants, type Tenants } from './composition-root/open-tenants.js'
import { ConfigError, type Config } from './config/config.js'
import { optionProblems } from './config/option-problems.js'
import { KillSwitches } from './domain/kill-switch.js'
import { identityProblems } from './domain/identity-problems.js'
import type { ChatModel, Clock, Logger } from './domain/ports/index.js'
import { IssuerTokens } from './infrastructure/auth/issuer-tokens.js'
import { JwtSessionTokens } from './infrastructure/auth/jwt-session-tokens.js'
import { SecretOperatorProof } from './infrastructure/auth/secret-operator-proof.js'
import { StoredKillSwitches } from './infrastructure/control/stored-kill-switches.js'
import { PinoLogger } from './infrastructure/logging/pino-logger.js'
import { OutboundDoor } from './infrastructure/outbound/outbound-door.js'
import {
  loadOrCreateSigningKey,
  SqlControlRevision,
  SqlConversationRepository,
  sqlDependency,
  SqlJobLeases,
  SqlKillSwitchStore,
  SqlLedger,
  SqlRunPlaces,
  SqlPersonalData,
  SqlRetention,
  SqlRunRepository,
  SqlSummaries,
  type SqlDatabase,
} from './infrastructure/sql/index.js'
import { OpenTelemetryTracer } from './infrastructure/tracing/open-telemetry-tracer.js'
import { SystemClock } from './infrastructure/time/system-clock.js'
import { createHttpRouter, notFound } from './presentation/http/http-router.js'
import { metricsPage } from './presentation/http/metrics-page.js'
import type { Authenticate } from './presentation/http/routing/ask-host.js'
import { networkReader } from './presentation/http/routing/client-network.js'

/** The configuration of a proxy, without what concerns a server of its own. */
export interface ChatProxyOptions extends Omit<Config, 'server'> {
  /**
   * Who the surrounding application knows to be behind a request that carries no token of the chat; `null` for nobody.
   * What it throws is answered with 503, so that nobody becomes anonymous by a fault.
   */
  readonly authenticate?: Authenticate
  /** Technologies of your own in place of the configured ones. */
  readonly ports?: Partial<Pick<Ports, 'clock' | 'logger' | 'meter'>> & { readonly model?: ChatModel }
}

/** A running proxy, to be mounted in an Express application. */
export interface ChatProxy {
  /** Every route of the proxy; other paths pass through to what is mounted after it. */
  readonly router: Router
  /** Answers any request with 404 in the contract's shape; mount it last, or leave it out. */
  readonly notFound: RequestHandler
  /** Answers any request with what was measured, for a port of its own; `null`: nothing is measured. */
  readonly metrics: RequestHandler | null
  /** True when the built-in scripted model answers. */
  readonly isDemo: boolean
  /**
   * Admits no new question, lets running answers finish for `graceMs` milliseconds, then cuts the rest off with their text kept.
   * Everything else is answered as before.
   */
  drain(graceMs: number): Promise<void>
  /** Ends what still runs, its text kept, and closes the database. Stop listening first. */
  close(): Promise<void>
}

/**
 * Opens the database, puts the layers together, and begins to end what a crash left behind.
 * @throws DomainError `store-unavailable` when the database cannot be opened · ConfigError for unsafe identity settings, and for numbers
 *   and budgets that the environment would not be let set either
 */
export async function createChatProxy(options: ChatProxyOptions): Promise<ChatProxy> {
  const identity = options.identity ? identityProblems(options.identity) : []
  // What a model of the application's own is called and costs is not in the configuration.
  const budget = options.ports?.model ? [] : budgetProblems(options)
  const problems = [...identity.map((line) => `identity.${line}`), ...optionProblems(options), ...budget]
  if (problems.length > 0) throw new ConfigError(problems)
  const clock = options.ports?.clock ?? new SystemClock()
  const logger = options.ports?.logger ?? new PinoLogger({ level: options.logLevel })
  const metrics = openMetrics(options, options.ports?.meter)
  const { meter } = metrics
  const database = await openDatabase(options.store, { clock, logger, meter })
  const exchange = await openExchange({ ...options, database, clock, logger, meter })
  let tenants: Tenants | null = null
  try {
    const door = new OutboundDoor({ clock })
    tenants = await openTenants({ config: options, database, clock, logger })
    return await assemble({ options, clock, logger, metrics, database, exchange, door, tenants })
  } catch (error) {
    await tenants?.close()
    await exchange.close()
    await database.close()
    throw error
  }
}

interface Parts {
  readonly options: ChatProxyOptions
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly database: SqlDatabase
  readonly exchange: Exchange
  readonly door: OutboundDoor
  readonly tenants: Tenants
}

async function assemble(parts: Parts): Promise<ChatProxy> {
  const { options, clock, database, exchange, door, tenants } = parts
  const switches = new KillSwitches()
  const { meter } = parts.metrics
  const tracer = new OpenTelemetryTracer()
  const models = createModels({ ...options, clock, meter, tracer, switches, given: options.ports?.model })
  const ports = await createPorts(parts, models, { switches, tracer })
  const useCases = createUseCases(ports, options.settings)
  await useCases.watchControl.start()
  useCases.recoverOrphans.start()
  useCases.settleAbandoned.start()
  useCases.purgeJob.start()
  const { heartbeatMs } = options.settings
  const { authenticate } = options
  const networkOf = networkReader(options.trustProxy)
  const hasMetrics = ports.metrics !== null && options.metrics?.port === null
  const http = {
    useCases,
    networkOf,
    clock,
    logger: ports.logger,
    meter,
    tracer,
    hasMetrics,
    heartbeatMs,
    authenticate,
  }
  return {
    router: createHttpRouter(http),
    notFound: notFound(http),
    metrics: ports.metrics && metricsPage(http, { isOpen: options.metrics?.token === null }),
    isDemo: models.isDemo,
    drain: (graceMs) => useCases.generations.drain(graceMs),
    async close() {
      await useCases.generations.drain(0)
      await useCases.recoverOrphans.stop()
      await useCases.watchControl.stop()
      await tenants.close()
      await door.close()
      await useCases.settleAbandoned.stop()
      await ports.places.close()
      await useCases.purgeJob.stop()
      await exchange.close()
      await database.close()
    },
  }
}

/** The name of this process, by which others know that it is there. */
async function announced(database: SqlDatabase): Promise<string> {
  const owner = randomUUID()
  await database.announce(owner)
  return owner
}

const FREE = { prompt: 0, completion: 0 }

async function createPorts(
  parts: Parts,
  models: Models,
  { switches, tracer }: Pick<Ports, 'switches' | 'tracer'>,
): Promise<Ports> {
  const { options, clock, logger, database, exchange, door } = parts
  const { meter, source, monitor } = parts.metrics
  const tenants = parts.tenants.directory
  const killSwitches = new SqlKillSwitchStore(database)
  const prices = models.demoName === null ? options.prices : options.prices.with(models.demoName, FREE)
  const signingKey = loadOrCreateSigningKey(database, 'visitor-tokens', clock.now())
  const [key, owner] = await Promise.all([signingKey, announced(database)])
  return {
    conversations: new SqlConversationRepository(database),
    runs: new SqlRunRepository(database, { owner, leaseMs: LEASE_MS, prices }),
    log: exchange.log,
    signals: exchange.signals,
    readers: exchange.readers,
    limiter: exchange.limiter,
    places: new SqlRunPlaces(database, { owner, clock }),
    ledger: new SqlLedger(database, prices),
    personalData: new SqlPersonalData(database),
    retention: new SqlRetention(database),
    summaries: new SqlSummaries(database),
    jobLeases: new SqlJobLeases(database, randomUUID()),
    prices,
    tenants,
    tenantStore: parts.tenants.store,
    tenantFormat: parts.tenants.format,
    controlRevision: new SqlControlRevision(database),
    controlSignals: exchange.controlSignals,
    killSwitches,
    switches,
    refreshed: [new StoredKillSwitches(killSwitches, switches), ...parts.tenants.refreshed],
    operator: new SecretOperatorProof(options.adminToken),
    identities: new IssuerTokens({ settings: options.identity, tenants, door, clock, logger }),
    tokens: new JwtSessionTokens({ key, clock, lifetime: options.sessionTtlSeconds }),
    models: models.directory,
    clock,
    logger,
    meter,
    tracer,
    metrics: source,
    monitor,
    dependencies: [sqlDependency(database), ...exchange.dependencies],
  }
}
