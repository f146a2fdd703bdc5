import type { RequestHandler, Router } from 'express'
import type { Settings } from './application/shared/settings.js'
import { createUseCases, type Ports } from './application/use-cases.js'
import type { Config, ModelConfig, ProviderConfig, StoreConfig } from './config/config.js'
import type { ChatModel, Clock } from './domain/ports/index.js'
import { VisitorTokens } from './infrastructure/auth/visitor-tokens.js'
import { ModelChain, type ChainProvider } from './infrastructure/llm/chain/model-chain.js'
import { DemoModel } from './infrastructure/llm/demo/demo-model.js'
import { OpenAiModel } from './infrastructure/llm/openai-model.js'
import { PinoLogger } from './infrastructure/logging/pino-logger.js'
import { MemoryRunLog } from './infrastructure/memory/memory-run-log.js'
import { MemoryRunSignals } from './infrastructure/memory/memory-run-signals.js'
import {
  loadOrCreateSigningKey,
  openPostgres,
  openSqlite,
  SqlConversationRepository,
  sqlDependency,
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
  const database = await openDatabase(options.store)
  try {
    return await assemble(options, clock, database)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function assemble(options: ChatProxyOptions, clock: Clock, database: SqlDatabase): Promise<ChatProxy> {
  const ports = await createPorts(options, clock, database)
  const useCases = createUseCases(ports, options.settings)
  await useCases.recoverOrphans.execute()
  const { heartbeatMs }: Settings = options.settings
  const http = { useCases, clock, logger: ports.logger, heartbeatMs }
  return {
    router: createHttpRouter(http),
    notFound: notFound(http),
    isDemo: ports.model.isDemo,
    drain: (graceMs) => useCases.generations.drain(graceMs),
    async close() {
      await useCases.generations.drain(0)
      await database.close()
    },
  }
}

async function createPorts(options: ChatProxyOptions, clock: Clock, database: SqlDatabase): Promise<Ports> {
  const key = await loadOrCreateSigningKey(database, 'visitor-tokens', clock.now())
  return {
    conversations: new SqlConversationRepository(database),
    runs: new SqlRunRepository(database),
    log: new MemoryRunLog({ clock }),
    signals: new MemoryRunSignals(),
    tenants: new SingleTenantDirectory(options.tenant),
    tokens: new VisitorTokens({ key, clock, lifetime: options.sessionTtlSeconds }),
    model: options.ports?.model ?? createModel(options.model, clock),
    clock,
    logger: options.ports?.logger ?? new PinoLogger({ level: options.logLevel }),
    dependencies: [sqlDependency(database)],
  }
}

const openDatabase = (store: StoreConfig): Promise<SqlDatabase> =>
  store.kind === 'postgres' ? openPostgres({ url: store.url }) : openSqlite({ file: store.file })

function createModel(config: ModelConfig, clock: Clock): ChatModel {
  if (config.kind === 'demo') return new DemoModel({ clock })
  const { providers, retryUnknown, breaker } = config
  const [first, ...others] = providers
  const link = ({ name, ...provider }: ProviderConfig): ChainProvider => ({
    name,
    model: new OpenAiModel({ provider: name, ...provider, clock }),
  })
  return new ModelChain({
    providers: [link(first), ...others.map(link)],
    clock,
    retry: { retryUnknown },
    breaker: { failures: breaker.failures, pause: breaker.pauseMs },
  })
}
