export type {
  ChatModel,
  ModelMessage,
  ModelRequest,
  ModelSink,
  ModelTool,
  ToolCall,
  ToolCallDelta,
} from './chat-model.js'
export type { Clock } from './clock.js'
export type {
  ConversationChange,
  ConversationPage,
  ConversationRepository,
  PastExchange,
  ExchangePage,
  MessagePage,
  Owner,
} from './conversation-repository.js'
export type { ControlRevision, ControlSignals, Refreshable } from './control.js'
export type { Dependency } from './health.js'
export type { IdentityTokens } from './identity-tokens.js'
export type { KillSwitchStore } from './kill-switch-store.js'
export type { Ledger } from './ledger.js'
export type { JobLeases } from './job-leases.js'
export type { Logger } from './logger.js'
export { NO_METER, type Gauge, type Meter, type MetricsSource, type ProviderGauge } from './meter.js'
export type { ModelDirectory, ProvidedModel } from './model-directory.js'
export type { OperatorProof } from './operator-proof.js'
export type {
  Anonymised,
  CountedUse,
  Forgotten,
  KeptConversation,
  OpenErasure,
  PersonalData,
} from './personal-data.js'
export type { Retention } from './retention.js'
export type { RateLimit, RateLimiter, ReachedLimit } from './rate-limiter.js'
export type { PlaceRef, RunPlaces, RunsAtOnce } from './run-places.js'
export {
  RunLogGap,
  RunLogUnavailable,
  type LoggedBatches,
  type RunLog,
  type RunLogWriter,
  type TakeBatch,
} from './run-log.js'
export type {
  Admission,
  AdmissionResult,
  EndedLease,
  Naming,
  Opening,
  RunProgress,
  RunRepository,
  RunUpdate,
  UnsavedRun,
} from './run-repository.js'
export type { RunReaders } from './run-readers.js'
export type { RunSignals } from './run-signals.js'
export type { Session, SessionTokens } from './session-tokens.js'
export type { TenantFormat, TenantSettings } from './tenant-format.js'
export type { StoredTenant, TenantChange, TenantStore } from './tenant-store.js'
export type { Summaries } from './summaries.js'
export type { Span, Tracer } from './tracer.js'
export type { TenantDirectory } from './tenant-directory.js'
