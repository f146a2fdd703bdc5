/**
 * The proxy as a library: mount it in an Express application, or serve it with pages of your own.
 * @module
 */
export { createChatProxy, type ChatProxy, type ChatProxyOptions } from './composition-root.js'
export {
  ConfigError,
  type Config,
  type ModelConfig,
  type ProviderConfig,
  type StoreConfig,
} from './config/config.js'
export { keycloakIdentity, type KeycloakRealm } from './config/keycloak-identity.js'
export { loadConfig } from './config/load-config.js'
export { serve, type ServeOptions } from './serve.js'
export { DomainError, type DomainErrorCode } from './domain/errors.js'
export { widgetFiles } from './presentation/http/widget-files.js'
export type { Authenticate } from './presentation/http/routing/ask-host.js'
export { ModelError, type ModelErrorCode } from './domain/model-error.js'
export type { HostCaller, IdentityClaims, IdentityKeys, IdentitySettings } from './domain/identity.js'
export type { Limits } from './domain/limits.js'
export { PriceList, type Price } from './domain/prices.js'
export type { Tenant } from './domain/tenant.js'
export type { TrustProxy } from './presentation/http/routing/client-network.js'
export type {
  ChatModel,
  ModelMessage,
  ModelRequest,
  ModelSink,
  ModelTool,
  ToolCall,
  ToolCallDelta,
} from './domain/ports/chat-model.js'
export type { RunAttempt } from './domain/run-attempt.js'
export type { Clock } from './domain/ports/clock.js'
export type { LogFields, Logger } from './domain/ports/logger.js'
export type { Counts, Durations, Gauge, Meter, ProviderGauge, ProviderLabels } from './domain/ports/meter.js'
