import type { PageContext } from './page-context.js'
import type { RunError, RunStatus, Usage, WireRun } from './runs.js'

/** Body of `POST /api/v1/chat/start`; all optional. A visitor's token in `Authorization` is renewed. */
export interface StartRequest {
  /** With an identity token in `Authorization`: the session token of the visitor that the user was until now. */
  visitor_token?: string
}

export interface StartResponse {
  /** Bearer token for every other call. */
  token: string
  /** When the token ends. ISO 8601. */
  expires_at: string
  /** Owner of all that follows: `v_…` for a visitor, `u_…` for a user who proved to be one. */
  visitor_id: string
  tenant: string
  greeting: string
  suggestions: string[]
  features: Features
  limits: Limits
}

export interface Features {
  /** True when the built-in scripted model answers; say so to people. */
  demo: boolean
  /** False: the chat is switched off, or not open for this caller; asking would be refused. Left out: it is open. */
  chat?: boolean
}

export interface Limits {
  /** Longest message accepted, in UTF-16 code units. */
  max_message_chars: number
  /** The server sends a sign of life this often on every stream. A client that hears none for 2.5 times as long reconnects. */
  heartbeat_seconds: number
}

/** Where an assistant message stands; user messages are always `completed`. */
export type MessageStatus = RunStatus

export interface WireMessage {
  id: string
  conversation_id: string
  /** The message this one follows; `null` for the first. Siblings are versions of each other. */
  parent_id: string | null
  role: 'user' | 'assistant'
  content: string
  status: MessageStatus
  /** On an assistant message: the run that made it. */
  run_id: string | null
  model: string | null
  usage: Usage | null
  error: RunError | null
  /** On a question: what the page told of itself; absent where it told nothing. */
  context?: PageContext
  /** What its reader thinks of an answer; absent or `null`: nothing was said. */
  feedback?: MessageFeedback | null
  /** ISO 8601. */
  created_at: string
}

/** The newest word of a reader on an answer. */
export interface MessageFeedback {
  rating: 'up' | 'down'
  comment: string | null
  /** ISO 8601. */
  created_at: string
}

/** Body of `POST /api/v1/messages/{id}/feedback`; the last one wins. Answers the message. */
export interface FeedbackRequest {
  rating: 'up' | 'down'
  /** Up to 2,000 characters. */
  comment?: string
}

export type ConversationMode = 'open' | 'rag'

export interface WireConversation {
  id: string
  title: string
  mode: ConversationMode
  document_ids: string[]
  /** ISO 8601. */
  created_at: string
  /** ISO 8601. */
  updated_at: string
}

/** Body of `POST /api/v1/conversations`. With `id` made by the client the call can be repeated safely. */
export interface CreateConversationRequest {
  id?: string
  title?: string
  first_message?: string
  mode?: ConversationMode
  document_ids?: string[]
}

export interface CreateConversationResponse extends WireConversation {
  /** With `first_message`: the question and its answer (which may still be `queued`); else empty. */
  messages: WireMessage[]
}

export interface ConversationPage {
  conversations: WireConversation[]
  /** Conversations on all pages. */
  total: number
  /** Which page this is, from 1. */
  page: number
  /** Conversations on a page, at most. */
  page_size: number
}

export interface ConversationDetail extends WireConversation {
  /** The newest messages, first to last. */
  messages: WireMessage[]
  has_more: boolean
  /** The run that is being generated now, with the cursor of its newest event. */
  active_run: { id: string; cursor: string } | null
}

/** Body of `POST /api/v1/conversations/{id}/messages`. */
export interface SendMessageRequest {
  /** The question. Left out exactly when `regenerate` is given. */
  content?: string
  /** Id of this generation, made by the client; also accepted as `Idempotency-Key`. */
  run_id?: string
  /** Id of the user message, made by the client. */
  message_id?: string
  /** Id of the assistant message, made by the client, so that it keeps one id from the first moment on. */
  answer_id?: string
  /** The message this one follows; default: the newest answer. Names the branch after a switch of versions. */
  parent_id?: string
  /** Id of an assistant message: answer its question once more, as a new version beside it. */
  regenerate?: string
  /** Id of a user message: `content` replaces it, as a new branch beside it. */
  edit?: string
  /** What the page tells of what its visitor is looking at; with `content` only. Kept with the question. */
  context?: PageContext
}

/** The JSON answer to a send, when `Accept` asks for JSON. */
export interface SendMessageResponse {
  user_message: WireMessage
  message: WireMessage
}

/** Answer of `GET /api/v1/runs/{run_id}`: the run, and its message with the text so far. */
export interface RunDetail extends WireRun {
  message: WireMessage
  /** Only while the answer waits to be begun. `position`: 1 for the next. */
  queue?: { position: number }
}

/** Body of `POST /api/v1/chat`: one question, one JSON answer. */
export interface ChatRequest {
  message: string
  /** Left out: a new conversation. */
  conversation_id?: string
}

export interface ChatResponse {
  conversation_id: string
  message_id: string
  response: string
  citations: Citation[]
  /** What could be asked next. */
  suggestions: string[]
  usage: Usage | null
  model: string | null
}

/** Where something in an answer comes from. */
export interface Citation {
  document_id: string
  title: string
  url: string | null
}

/** A question with one of its answers, and the conversation they are in. */
export interface HistoryExchange {
  conversation_id: string
  title: string
  user_message: WireMessage
  message: WireMessage
}

/** Answer of `GET /api/v1/chat/history`: the conversation used last first, in each the newest first. */
export interface HistoryPage {
  exchanges: HistoryExchange[]
  /** Exchanges on all pages. */
  total: number
  /** Which page this is, from 1. */
  page: number
  /** Exchanges on a page, at most. */
  page_size: number
}

/** `GET /api/v1/me/export?format=json`: everything that is kept about the caller. */
export interface DataExport {
  /** ISO 8601. */
  exported_at: string
  tenant: string
  subject: string
  /** What was counted, the newest day or month first. */
  usage: ExportedUse[]
  /** In the order in which they were begun; the last field, because it is the long one. */
  conversations: ExportedConversation[]
}

export interface ExportedUse {
  span: 'day' | 'month'
  /** ISO 8601. */
  starts_at: string
  /** ISO 8601. */
  ends_at: string
  /** How many questions. */
  messages: number
  /** Of questions and answers together. */
  tokens: number
  /** Millionths of a US dollar; `null` when a model answered whose price is not known. */
  money: number | null
}

export interface ExportedConversation extends WireConversation {
  /** ISO 8601, of a deleted one that can still be restored; else `null`. */
  deleted_at: string | null
  /** All of all branches, in the order in which they were stored. */
  messages: WireMessage[]
}
