/**
 * The wire contract, v1: types and constants shared by the proxy and every client. No behaviour beyond
 * reading and writing a cursor, and mending text. `docs/protocol.md` tells it in prose.
 * @module
 */
export { formatCursor, ID_PATTERN, isId, parseCursor, seqOf, type Cursor } from './ids.js'
export {
  ERROR_STATUS,
  type ErrorBody,
  type ErrorType,
  type LimitState,
  type UsageResponse,
} from './errors.js'
export { MAX_CONTEXT_CHARS, type PageContext } from './page-context.js'
export { sendableText } from './sendable-text.js'
export type { RunError, RunErrorCode, RunStatus, TerminalRunStatus, Usage, WireRun } from './runs.js'
export {
  DONE,
  type ChatCompletionChunk,
  type ChunkChoice,
  type FinishReason,
  type StreamExtension,
} from './stream.js'
export type {
  ChatRequest,
  ChatResponse,
  Citation,
  ConversationDetail,
  ConversationMode,
  ConversationPage,
  CreateConversationRequest,
  CreateConversationResponse,
  DataExport,
  ExportedConversation,
  ExportedUse,
  Features,
  FeedbackRequest,
  HistoryExchange,
  HistoryPage,
  Limits,
  MessageFeedback,
  MessageStatus,
  RunDetail,
  SendMessageRequest,
  SendMessageResponse,
  StartRequest,
  StartResponse,
  WireConversation,
  WireMessage,
} from './rest.js'
