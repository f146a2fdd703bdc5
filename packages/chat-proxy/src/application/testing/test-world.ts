import { randomUUID } from 'node:crypto'
import type { Caller } from '../../domain/caller.js'
import type { IdentitySettings } from '../../domain/identity.js'
import type { Message } from '../../domain/message.js'
import type { TenantDirectory } from '../../domain/ports/index.js'
import { KillSwitches } from '../../domain/kill-switch.js'
import { PriceList } from '../../domain/prices.js'
import type { LoggedEvent } from '../../domain/run-event.js'
import { NO_LIMITS } from '../../domain/limits.js'
import { tenantOf, type Tenant } from '../../domain/tenant.js'
import { IssuerTokens } from '../../infrastructure/auth/issuer-tokens.js'
import { JwtSessionTokens } from '../../infrastructure/auth/jwt-session-tokens.js'
import { SecretOperatorProof } from '../../infrastructure/auth/secret-operator-proof.js'
import { SwitchedModel } from '../../infrastructure/llm/switched-model.js'
import { StoredKillSwitches } from '../../infrastructure/control/stored-kill-switches.js'
import { SingleModelDirectory } from '../../infrastructure/llm/single-model-directory.js'
import { PinoLogger } from '../../infrastructure/logging/pino-logger.js'
import { ObservedModel } from '../../infrastructure/llm/observed-model.js'
import { PrometheusMeter } from '../../infrastructure/metrics/prometheus-meter.js'
import { OutboundDoor } from '../../infrastructure/outbound/outbound-door.js'
import { MemoryControlSignals } from '../../infrastructure/memory/memory-control-signals.js'
import { MemoryRunLog } from '../../infrastructure/memory/memory-run-log.js'
import { MemoryRunReaders } from '../../infrastructure/memory/memory-run-readers.js'
import { MemoryRunSignals } from '../../infrastructure/memory/memory-run-signals.js'
import {
  loadOrCreateSigningKey,
  openSqlite,
  SqlControlRevision,
  SqlConversationRepository,
  type SqlDatabase,
  sqlDependency,
  SqlJobLeases,
  SqlKillSwitchStore,
  SqlLedger,
  SqlRunPlaces,
  SqlTenantStore,
  SqlPersonalData,
  SqlRetention,
  SqlRunRepository,
  SqlSummaries,
} from '../../infrastructure/sql/index.js'
import { BucketRateLimiter } from '../../infrastructure/rate-limit/bucket-rate-limiter.js'
import { JsonTenantFormat } from '../../infrastructure/tenants/json-tenant-format.js'
import { StoredTenants } from '../../infrastructure/tenants/stored-tenants.js'
import { TenantRegistry } from '../../infrastructure/tenants/tenant-registry.js'
import { OpenTelemetryTracer } from '../../infrastructure/tracing/open-telemetry-tracer.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { LEASE_MS } from '../generate/leases.js'
import { createUseCases, type Ports } from '../use-cases.js'
import type { Settings } from '../shared/settings.js'
import { ScriptedModel } from './scripted-model.js'

export interface WorldOptions {
  readonly settings?: Partial<Settings>
  /** What differs from a fresh installation's tenant, which has limits here only if they are given. */
  readonly tenant?: Partial<Tenant>
  /** In place of that one tenant. */
  readonly tenants?: TenantDirectory
  /** How users of the installation prove who they are. */
  readonly identity?: IdentitySettings
  /** In place of a database in memory. */
  readonly openDatabase?: (now: () => number) => Promise<SqlDatabase>
  /** Puts something else in the place of a port; `database` is what they stand on. */
  readonly replace?: (ports: Ports, database: SqlDatabase) => Partial<Ports>
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** What the operator of a test world knows. */
export const ADMIN_TOKEN = 'what the operator of a test world knows'.replaceAll(' ', '-')

/** What its monitor knows. */
export const METRICS_TOKEN = 'what the monitor of a test world knows'.replaceAll(' ', '-')

const visitor = (subject: string): Caller => ({
  tenantId: 'default',
  subject,
  kind: 'visitor',
  role: 'visitor',
})

/** All use cases over the real adapters: SQLite in memory, the memory log; with a clock and a model that the test moves. */
export async function createWorld(options: WorldOptions = {}) {
  const clock = new FakeClock()
  const model = new ScriptedModel()
  const { openDatabase = (now) => openSqlite({ file: ':memory:', now }) } = options
  const database = await openDatabase(() => clock.now())
  const logLines: string[] = []
  const key = await loadOrCreateSigningKey(database, 'visitor-tokens', clock.now())
  // One dollar for a million tokens of question, two for those of an answer.
  const prices = new PriceList(new Map([[model.name, { prompt: 1_000_000, completion: 2_000_000 }]]))
  const settings: Settings = {
    maxMessageChars: 8000,
    context: { messages: 20, tokens: 16_000, summarise: false },
    heartbeatMs: 10_000,
    noReaderGraceMs: 300_000,
    isChatEnabled: true,
    budget: {
      installation: { tokensPerDay: null, moneyPerDay: null, moneyPerMonth: null },
      limitAdmins: false,
      maxAnswerTokens: 100,
    },
    load: { maxRuns: 1_000, maxQueued: 1_000 },
    ...options.settings,
  }

  const logger = new PinoLogger({
    level: 'debug',
    destination: { write: (line) => void logLines.push(line) },
  })
  const metrics = new PrometheusMeter({ providers: ['scripted'], models: [model.name], tenants: ['default'] })
  const tracer = new OpenTelemetryTracer()
  const door = new OutboundDoor({ clock })

  /** A process over the same database: what it held in memory is its own, but for what is `shared`. */
  const boot = (shared: Partial<Ports> = {}) => {
    const base = tenantOf({
      id: 'default',
      systemPrompt: 'Be brief.',
      greeting: 'Hi!',
      suggestions: ['What is this?'],
      limits: NO_LIMITS,
      ...options.tenant,
    })
    const registry = new TenantRegistry(clock, [base])
    const tenants = options.tenants ?? registry
    const killSwitches = new SqlKillSwitchStore(database)
    const switches = new KillSwitches()
    const tenantStore = new SqlTenantStore(database)
    const tenantFormat = new JsonTenantFormat({ base, namedBy: 'tenant' }, { modelProblems: () => [] })
    const own: Ports = {
      conversations: new SqlConversationRepository(database),
      runs: new SqlRunRepository(database, { owner: randomUUID(), leaseMs: LEASE_MS, prices }),
      log: new MemoryRunLog({ clock }),
      signals: new MemoryRunSignals(),
      readers: new MemoryRunReaders({ clock }),
      limiter: new BucketRateLimiter({ clock }),
      places: new SqlRunPlaces(database, { owner: randomUUID(), clock }),
      ledger: new SqlLedger(database, prices),
      personalData: new SqlPersonalData(database),
      retention: new SqlRetention(database),
      summaries: new SqlSummaries(database),
      jobLeases: new SqlJobLeases(database, randomUUID()),
      prices,
      tenants,
      tenantStore,
      tenantFormat,
      controlRevision: new SqlControlRevision(database),
      controlSignals: new MemoryControlSignals(),
      refreshed: [
        new StoredKillSwitches(killSwitches, switches),
        new StoredTenants({ store: tenantStore, format: tenantFormat, base, registry, logger }),
      ],
      operator: new SecretOperatorProof(ADMIN_TOKEN),
      identities: new IssuerTokens({ settings: options.identity ?? null, tenants, door, clock, logger }),
      tokens: new JwtSessionTokens({ key, clock }),
      models: new SingleModelDirectory(
        new SwitchedModel(
          'scripted',
          new ObservedModel(model, { meter: metrics, tracer, clock, prices }),
          switches,
        ),
      ),
      killSwitches,
      switches,
      clock,
      logger,
      meter: metrics,
      tracer,
      metrics,
      monitor: new SecretOperatorProof(METRICS_TOKEN),
      dependencies: [sqlDependency(database)],
    }
    const ports = { ...own, ...options.replace?.(own, database), ...shared }
    return { ports, useCases: createUseCases(ports, settings) }
  }

  const alice = visitor('v_alice')
  const world = {
    ...boot(),
    clock,
    model,
    database,
    settings,
    logLines,
    alice,
    bob: visitor('v_bob'),
    boot,
    async conversation(id = 'c_00001', caller = alice): Promise<string> {
      await world.useCases.createConversation.execute(caller, { id })
      return id
    },
    /** A run that has ended with this answer. */
    async answered(
      content: string,
      answer: readonly string[],
      ids: { runId: string; conversationId?: string },
    ) {
      const conversationId = ids.conversationId ?? 'c_00001'
      const { run } = await world.useCases.sendMessage.execute(alice, {
        conversationId,
        content,
        runId: ids.runId,
      })
      const call = await model.nextCall()
      call.say(...answer).end()
      await world.ended(run.id)
      return run
    },
    /** Resolves when the run has ended, and answers its message as it is stored. */
    async ended(runId: string, caller = alice): Promise<Message> {
      const { message } = await world.useCases.waitForRun.execute(caller, runId, new AbortController().signal)
      return message
    },
    /** Every event of an ended run, as the log has it. */
    async events(runId: string): Promise<readonly LoggedEvent[]> {
      const all: LoggedEvent[] = []
      const ref = { tenantId: 'default', runId }
      for await (const batch of world.ports.log.follow(ref, 0, new AbortController().signal))
        all.push(...batch)
      return all
    },
    async close(): Promise<void> {
      await door.close()
      await database.close()
    },
  }
  return world
}
