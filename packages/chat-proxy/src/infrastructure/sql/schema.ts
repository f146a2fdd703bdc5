import type { ConversationMode, RunStatus } from '@colloquy/chat-core/protocol'

/**
 * The tables as queries see them. Times are milliseconds since 1970, JSON is kept as text, and every table of tenants'
 * data has `tenant_id` first in its key. `migrations/` is what makes them.
 */
export interface Tables {
  conversations: ConversationTable
  messages: MessageTable
  runs: RunTable
  events: EventTable
  event_counters: EventCounterTable
  signing_keys: SigningKeyTable
  migrations: MigrationTable
}

export interface ConversationTable {
  tenant_id: string
  id: string
  owner_id: string
  title: string
  mode: ConversationMode
  /** JSON array of strings. */
  document_ids: string
  head_id: string | null
  /** Place of the newest message; grows with every message and never goes back. */
  last_position: number
  created_at: number
  updated_at: number
  /** When set, every query but the claim of the id treats the conversation and all in it as absent. */
  deleted_at: number | null
}

/** How an answer was made: the same columns on the run and on its message. */
interface OutcomeColumns {
  model: string | null
  prompt_tokens: number | null
  completion_tokens: number | null
  total_tokens: number | null
  /** JSON of `RunError`. */
  error: string | null
}

export interface MessageTable extends OutcomeColumns {
  tenant_id: string
  id: string
  conversation_id: string
  /** 1 for the first message of the conversation; the order in which messages were stored, of all branches. */
  position: number
  parent_id: string | null
  role: 'user' | 'assistant'
  content: string
  status: RunStatus
  run_id: string | null
  created_at: number
}

export interface RunTable extends OutcomeColumns {
  tenant_id: string
  id: string
  conversation_id: string
  owner_id: string
  user_message_id: string
  message_id: string
  request_digest: string
  status: RunStatus
  /** JSON array of `RunAttempt`. */
  attempts: string
  last_seq: number
  /** The process that generates the run, or last did; null once nothing is left to recover. */
  lease_owner: string | null
  lease_until: number
  created_at: number
  /** Not null exactly when `status` is a terminal one; the guard of everything that is written once. */
  ended_at: number | null
}

/** Append-only. */
export interface EventTable {
  tenant_id: string
  /** 1, 2, 3, … within the tenant, without gaps and in the order of commit: a reader's cursor. */
  seq: number
  type: string
  subject_id: string
  actor: string
  at: number
  /** JSON object. */
  data: string
}

export interface EventCounterTable {
  tenant_id: string
  last_seq: number
}

/** Secrets of the installation, not of a tenant. */
export interface SigningKeyTable {
  name: string
  /** base64url. */
  secret: string
  created_at: number
}

export interface MigrationTable {
  id: number
  name: string
  applied_at: number
}
