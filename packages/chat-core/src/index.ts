export type {
  ChatClient,
  ChatPhase,
  ChatSnapshot,
  RunOutcome,
  SessionInfo,
} from './chat-client/chat-client.js'
export { ChatError, isChatError, type ChatErrorCode, type ChatErrorOptions } from './errors/chat-error.js'
export type { ChatMessage, ChatMessageStatus } from './messages/message.js'
export type { ConversationSummary } from './messages/conversation.js'
export type {
  ChatStorage,
  CollectionName,
  Collections,
  MetaRecord,
  OutboxEntry,
  StorageChange,
  StoredConversation,
  StoredMessage,
} from './persistence/storage.js'
export { EMPTY_SNAPSHOT } from './chat-client/materialise.js'
export { createChatClient } from './chat-client/create-chat-client.js'
export type {
  ChatClientOptions,
  CommonOptions,
  DirectOptions,
  ProxyOptions,
  TransportOptions,
} from './chat-client/options.js'
export { createMemoryStorage } from './persistence/memory-storage.js'
export { browserPlatform } from './platform/browser-platform.js'
export type { Platform, Release, WakeReason } from './platform/platform.js'
export { DEFAULT_POLICY, type RunPolicy } from './run/run-policy.js'
export type {
  Authorized,
  ChatTransport,
  ReadMode,
  RunSink,
  SendCall,
  ServerTransport,
} from './transport/chat-transport.js'
