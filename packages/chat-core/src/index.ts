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
