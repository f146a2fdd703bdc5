import type {
  Clock,
  ControlRevision,
  ControlSignals,
  ConversationRepository,
  Dependency,
  IdentityTokens,
  JobLeases,
  KillSwitchStore,
  Ledger,
  Logger,
  Meter,
  MetricsSource,
  ModelDirectory,
  OperatorProof,
  PersonalData,
  RateLimiter,
  Refreshable,
  Retention,
  RunLog,
  RunPlaces,
  RunReaders,
  RunRepository,
  RunSignals,
  SessionTokens,
  Summaries,
  TenantDirectory,
  TenantFormat,
  TenantStore,
  Tracer,
} from '../domain/ports/index.js'
import { ChatGate } from './admission/chat-gate.js'
import { RateLimits } from './admission/rate-limits.js'
import { RunQueue } from './admission/run-queue.js'
import type { KillSwitches } from '../domain/kill-switch.js'
import type { PriceList } from '../domain/prices.js'
import { AfterAnswer } from './after-answer/after-answer.js'
import { EntitleConversation } from './after-answer/entitle-conversation.js'
import { SideCalls } from './after-answer/side-calls.js'
import { SummariseBranch } from './after-answer/summarise-branch.js'
import { AskInChat } from './ask-in-chat/ask-in-chat.js'
import { AskOnce } from './ask-once/ask-once.js'
import { CheckOrigin } from './check-origin/check-origin.js'
import { CheckReadiness } from './check-readiness/check-readiness.js'
import { CompleteChat } from './complete-chat/complete-chat.js'
import { CreateConversation } from './create-conversation/create-conversation.js'
import { DeleteConversation } from './delete-conversation/delete-conversation.js'
import { EraseMe } from './erase-me/erase-me.js'
import { FinishErasures } from './erase-me/finish-erasures.js'
import { ExportData } from './export-data/export-data.js'
import { FollowRun } from './follow-run/follow-run.js'
import { Generations } from './generate/generations.js'
import { Checkpoints } from './generate/checkpoints.js'
import { Leases } from './generate/leases.js'
import { GetConversation } from './get-conversation/get-conversation.js'
import { GetRun } from './get-run/get-run.js'
import { GetUsage } from './get-usage/get-usage.js'
import { IdentifyCaller } from './identify-caller/identify-caller.js'
import { IdentifyMonitor } from './identify-monitor/identify-monitor.js'
import { IdentifyOperator } from './identify-operator/identify-operator.js'
import { JoinHistory } from './join-history/join-history.js'
import { ListConversations } from './list-conversations/list-conversations.js'
import { ListExchanges } from './list-exchanges/list-exchanges.js'
import { ListModels } from './list-models/list-models.js'
import { PurgeCounts } from './purge/purge-counts.js'
import { PurgeDeleted } from './purge/purge-deleted.js'
import { PurgeJob } from './purge/purge-job.js'
import { RateMessage } from './rate-message/rate-message.js'
import { ManageTenants } from './manage-tenants/manage-tenants.js'
import { ReadMetrics } from './read-metrics/read-metrics.js'
import { RecoverOrphans } from './recover-orphans/recover-orphans.js'
import { RestoreConversation } from './restore-conversation/restore-conversation.js'
import { SendMessage } from './send-message/send-message.js'
import { ResumeChat } from './resume-chat/resume-chat.js'
import { SettleAbandoned } from './settle-abandoned/settle-abandoned.js'
import { Audience } from './shared/audience.js'
import { Budget } from './shared/budget.js'
import { ModelChoice } from './shared/model-choice.js'
import { ConversationContext } from './shared/conversation-context.js'
import type { Settings } from './shared/settings.js'
import { StartSession } from './start-session/start-session.js'
import { StopRun } from './stop-run/stop-run.js'
import { TurnSwitch } from './turn-switch/turn-switch.js'
import { UpdateConversation } from './update-conversation/update-conversation.js'
import { WatchControl } from './watch-control/watch-control.js'
import { WaitForRun } from './wait-for-run/wait-for-run.js'

/** Everything the use cases need from outside. */
export interface Ports {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly log: RunLog
  readonly signals: RunSignals
  readonly readers: RunReaders
  readonly ledger: Ledger
  readonly prices: PriceList
  readonly personalData: PersonalData
  readonly retention: Retention
  readonly summaries: Summaries
  readonly jobLeases: JobLeases
  readonly tenants: TenantDirectory
  /** `null`: the tenants are not in the database. */
  readonly tenantStore: TenantStore | null
  readonly tenantFormat: TenantFormat
  /** What the operator changed while everything ran. */
  readonly killSwitches: KillSwitchStore
  /** What of them this process knows. */
  readonly switches: KillSwitches
  readonly controlRevision: ControlRevision
  readonly controlSignals: ControlSignals
  readonly refreshed: readonly Refreshable[]
  readonly operator: OperatorProof
  readonly limiter: RateLimiter
  readonly places: RunPlaces
  readonly tokens: SessionTokens
  readonly identities: IdentityTokens
  readonly models: ModelDirectory
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Meter
  readonly tracer: Tracer
  /** `null`: nothing is measured, or somebody else reads it. */
  readonly metrics: MetricsSource | null
  readonly monitor: OperatorProof
  /** What `/readyz` looks at. */
  readonly dependencies: readonly Dependency[]
}

export type UseCases = ReturnType<typeof createUseCases>

/** What the proxy can do: every use case, by name, over one set of ports. */
export function createUseCases(ports: Ports, settings: Settings) {
  const leases = new Leases(ports)
  const checkpoints = new Checkpoints(ports)
  const audience = new Audience({ ...ports, settings })
  const rateLimits = new RateLimits(ports)
  const budget = new Budget({ ...ports, settings })
  const modelChoice = new ModelChoice({ ...ports, budget })
  const gate = new ChatGate({ ...ports, settings })
  const context = new ConversationContext({ ...ports, settings })
  const policies = { rateLimits, budget, modelChoice, gate, context }
  const deps = { ...ports, ...policies, settings, leases, checkpoints, audience }
  const queue = new RunQueue(deps)
  const generations = new Generations({ ...deps, queue, afterAnswer: afterAnswers(deps) })
  const watchControl = new WatchControl(deps, ports.refreshed)
  const sendMessage = new SendMessage({ ...deps, generations })
  const waitForRun = new WaitForRun(deps)
  return {
    queue,
    generations,
    watchControl,
    ...operating(deps, watchControl),
    rateLimits,
    sendMessage,
    createConversation: new CreateConversation({ ...deps, sendMessage }),
    askInChat: new AskInChat({ ...deps, sendMessage }),
    completeChat: new CompleteChat({ ...deps, generations }),
    listModels: new ListModels(deps),
    resumeChat: new ResumeChat(deps),
    startSession: new StartSession({ ...deps, joinHistory: new JoinHistory(deps) }),
    identifyCaller: new IdentifyCaller(deps),
    checkOrigin: new CheckOrigin(deps),
    checkReadiness: new CheckReadiness({ ...deps, isDraining: () => generations.isDraining }),
    listConversations: new ListConversations(deps),
    getConversation: new GetConversation(deps),
    updateConversation: new UpdateConversation(deps),
    deleteConversation: new DeleteConversation(deps),
    rateMessage: new RateMessage(deps),
    listExchanges: new ListExchanges(deps),
    ...keepingAndForgetting(deps),
    followRun: new FollowRun(deps),
    getRun: new GetRun(deps),
    waitForRun,
    askOnce: new AskOnce({ ...deps, sendMessage, waitForRun }),
    stopRun: new StopRun(deps),
    recoverOrphans: new RecoverOrphans(deps),
    settleAbandoned: new SettleAbandoned(deps),
    getUsage: new GetUsage({ ...deps, queue }),
  }
}

function afterAnswers(deps: Ports & AnswerDeps): AfterAnswer {
  const sideCalls = new SideCalls(deps)
  return new AfterAnswer({
    ...deps,
    entitleConversation: new EntitleConversation({ ...deps, sideCalls }),
    summariseBranch: new SummariseBranch({ ...deps, sideCalls }),
  })
}

interface AnswerDeps {
  readonly budget: Budget
  readonly modelChoice: ModelChoice
  readonly context: ConversationContext
  readonly settings: Settings
}

function keepingAndForgetting(deps: Ports) {
  const finishErasures = new FinishErasures(deps)
  const purgeDeleted = new PurgeDeleted(deps)
  const purgeCounts = new PurgeCounts(deps)
  return {
    restoreConversation: new RestoreConversation(deps),
    exportData: new ExportData(deps),
    eraseMe: new EraseMe({ ...deps, finishErasures }),
    purgeJob: new PurgeJob({ ...deps, finishErasures, purgeDeleted, purgeCounts }),
  }
}

/** What those who run the installation do. */
const operating = (deps: Ports, watchControl: WatchControl) => ({
  manageTenants: new ManageTenants({ ...deps, watchControl }),
  turnSwitch: new TurnSwitch({ ...deps, watchControl }),
  identifyOperator: new IdentifyOperator(deps),
  identifyMonitor: new IdentifyMonitor(deps),
  readMetrics: new ReadMetrics(deps),
})
