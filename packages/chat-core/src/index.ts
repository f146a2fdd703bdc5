/**
 * A chat without an interface: session, state, sending, streaming, retry, resume. What one conversation on one page does not need is a part, an
 * entry point of its own.
 * @module
 */
export type {
  ChatClient,
  ChatPhase,
  ChatSnapshot,
  RunOutcome,
  SessionInfo,
} from './chat-client/chat-client.js'
export { createChatClient } from './chat-client/create-chat-client.js'
export { EMPTY_SNAPSHOT } from './chat-client/empty-snapshot.js'
export type {
  ChatClientOptions,
  CommonOptions,
  ProxyOptions,
  TransportOptions,
} from './chat-client/options.js'
export type { BoundParts, Part, Parts } from './chat-client/part.js'
export { ChatError, isChatError, type ChatErrorCode, type ChatErrorOptions } from './errors/chat-error.js'
export type { ConversationSummary } from './messages/conversation.js'
export type { ChatMessage, ChatMessageStatus } from './messages/message.js'
export { browserPlatform } from './platform/browser-platform.js'
export type { Platform, Release, WakeReason } from './platform/platform.js'
export { DEFAULT_POLICY, type RunPolicy } from './run/run-policy.js'
export type {
  Authorized,
  ChatTransport,
  Method,
  ReadCall,
  RunSink,
  SendCall,
  ServerTransport,
} from './transport/chat-transport.js'
