import { randomUUID } from 'node:crypto'
import type { RequestHandler, Router } from 'express'
import { LEASE_MS } from './application/generate/leases.js'
import { createUseCases, type Ports } from './application/use-cases.js'
import { createModel } from './composition-root/create-model.js'
import { openDatabase } from './composition-root/open-database.js'
import { openExchange, type Exchange } from './composition-root/open-exchange.js'
import type { Config } from './config/config.js'
import type { Clock, Logger } from './domain/ports/index.js'
import { VisitorTokens } from './infrastructure/auth/visitor-tokens.js'
import { PinoLogger } from './infrastructure/logging/pino-logger.js'
import {
  loadOrCreateSigningKey,
  SqlConversationRepository,
  sqlDependency,
  SqlEventLog,
  SqlRunRepository,
  type SqlDatabase,
} from './infrastructure/sql/index.js'
import { SingleTenantDirectory } from './infrastructure/tenants/single-tenant-directory.js'
import { SystemClock } from './infrastructure/time/system-clock.js'
import { createHttpRouter, notFound } from './presentation/http/http-router.js'

/** The configuration of a proxy, without what concerns a server of its own. */
export interface ChatProxyOptions extends Omit<Config, 'server'> {
  /** Technologies of your own in place of the configured ones. */
  readonly ports?: Partial<Pick<Ports, 'model' | 'clock' | 'logger'>>
}

/** A running proxy, to be mounted in an Express application. */
export interface ChatProxy {
  /** Every route of the proxy; other paths pass through to what is mounted after it. */
  readonly router: Router
  /** Answers any request with 404 in the contract's shape; mount it last, or leave it out. */
  readonly notFound: RequestHandler
  /** True when the built-in scripted model answers. */
  readonly isDemo: boolean
  /**
   * Admits no new question, lets running answers finish for `graceMs`, then cuts the rest off with their text kept.
   * Everything else is answered as before.
   */
  drain(graceMs: number): Promise<void>
  /** Ends what still runs and closes the database. Stop listening first. */
  close(): Promise<void>
}

/**
 * Opens the database, ends what a crash left behind, and puts the layers together.
 * @throws DomainError `store-unavailable` when the database cannot be opened
 */
export async function createChatProxy(options: ChatProxyOptions): Promise<ChatProxy> {
  const clock = options.ports?.clock ?? new SystemClock()
  const logger = options.ports?.logger ?? new PinoLogger({ level: options.logLevel })
  const database = await openDatabase(options.store, clock)
  const exchange = await openExchange(options.redisUrl, clock, logger)
  try {
    return await assemble({ options, clock, logger, database, exchange })
  } catch (error) {
    await exchange.close()
    await database.close()
    throw error
  }
}

interface Parts {
  readonly options: ChatProxyOptions
  readonly clock: Clock
  readonly logger: Logger
  readonly database: SqlDatabase
  readonly exchange: Exchange
}

async function assemble(parts: Parts): Promise<ChatProxy> {
  const { options, clock, database, exchange } = parts
  const ports = await createPorts(parts)
  const useCases = createUseCases(ports, options.settings)
  await useCases.recoverOrphans.start()
  const { heartbeatMs } = options.settings
  const http = { useCases, clock, logger: ports.logger, heartbeatMs }
  return {
    router: createHttpRouter(http),
    notFound: notFound(http),
    isDemo: ports.model.isDemo,
    drain: (graceMs) => useCases.generations.drain(graceMs),
    async close() {
      await useCases.generations.drain(0)
      await useCases.recoverOrphans.stop()
      await exchange.close()
      await database.close()
    },
  }
}

async function createPorts({ options, clock, logger, database, exchange }: Parts): Promise<Ports> {
  const key = await loadOrCreateSigningKey(database, 'visitor-tokens', clock.now())
  return {
    conversations: new SqlConversationRepository(database),
    runs: new SqlRunRepository(database, { owner: randomUUID(), leaseMs: LEASE_MS }),
    log: exchange.log,
    signals: exchange.signals,
    readers: exchange.readers,
    events: new SqlEventLog(database),
    tenants: new SingleTenantDirectory(options.tenant),
    tokens: new VisitorTokens({ key, clock, lifetime: options.sessionTtlSeconds }),
    model: options.ports?.model ?? createModel(options.model, clock),
    clock,
    logger,
    dependencies: [sqlDependency(database), ...exchange.dependencies],
  }
}
