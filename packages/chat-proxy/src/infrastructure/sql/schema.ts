import type { ConversationMode, RunStatus } from '@colloquy/chat-core/protocol'
import type { TitleSource } from '../../domain/conversation.js'
import type { Rating } from '../../domain/message.js'

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
  ledger_counters: LedgerCounterTable
  ledger_reservations: LedgerReservationTable
  signing_keys: SigningKeyTable
  rate_buckets: RateBucketTable
  run_places: RunPlaceTable
  summaries: SummaryTable
  erasures: ErasureTable
  job_leases: JobLeaseTable
  tenants: TenantTable
  kill_switches: KillSwitchTable
  control_revisions: ControlRevisionTable
  migrations: MigrationTable
}

/** Whose rows a table holds. A row of a tenant says which one in `tenant_id`; PostgreSQL walls such tables off. */
export const TABLES = {
  conversations: 'tenant',
  messages: 'tenant',
  runs: 'tenant',
  events: 'tenant',
  event_counters: 'tenant',
  ledger_counters: 'tenant',
  ledger_reservations: 'tenant',
  signing_keys: 'installation',
  rate_buckets: 'tenant',
  run_places: 'tenant',
  summaries: 'tenant',
  erasures: 'tenant',
  job_leases: 'tenant',
  tenants: 'tenant',
  kill_switches: 'tenant',
  control_revisions: 'tenant',
  migrations: 'installation',
} as const satisfies Record<keyof Tables, 'tenant' | 'installation'>

export interface ConversationTable {
  tenant_id: string
  id: string
  owner_id: string
  title: string
  title_by: TitleSource
  mode: ConversationMode
  /** JSON array of strings. */
  document_ids: string
  head_id: string | null
  /** Place of the newest message; grows with every message and never goes back. */
  last_position: number
  created_at: number
  updated_at: number
  /**
   * When set, every query but the claim of the id, the export and the purge treats the conversation and all in it as
   * absent. 0: its owner wishes to be forgotten, and the time to restore it is over whatever its length.
   */
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
  /** JSON of `PageContext`; of a question with which the page told something. */
  page_context: string | null
  /** Of an answer; the three are null together. */
  feedback_rating: Rating | null
  feedback_comment: string | null
  feedback_at: number | null
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

/** What was used of a limit in one day or month, and what is set aside for answers under way. */
export interface LedgerCounterTable {
  /** Empty for the installation. */
  tenant_id: string
  scope: 'user' | 'tenant' | 'installation'
  /** The subject; empty for the others. */
  scope_id: string
  span: 'day' | 'month'
  starts_at: number
  ends_at: number
  /** The limits as they were when something was last set aside; null without limit. */
  max_messages: number | null
  max_tokens: number | null
  max_money: number | null
  messages: number
  tokens: number
  /** Millionths of a US dollar, as everywhere. */
  money: number
  /** Of `tokens`, those whose cost nobody knows; it is no part of `money`. */
  unpriced_tokens: number
  reserved_messages: number
  reserved_tokens: number
  reserved_money: number
  /** When the operator was told that it is nearly spent. */
  warned_at: number | null
}

/** One for each answer under way; gone when it is settled. */
export interface LedgerReservationTable {
  tenant_id: string
  id: string
  /** JSON array of `CounterKey`. */
  counters: string
  messages: number
  tokens: number
  money: number
  prompt_tokens: number
  /** JSON of `Price`. */
  price: string | null
  /** Null for runs, which settle theirs whatever happens. */
  expires_at: number | null
}

/** Secrets of the installation, not of a tenant. */
export interface SigningKeyTable {
  name: string
  /** base64url. */
  secret: string
  created_at: number
}

/** A token bucket that is not full, or was not long ago. */
export interface RateBucketTable {
  tenant_id: string
  name: string
  /** Microseconds since 1970. */
  full_at: number
}

/** An answer that is being made, by the process that makes it. */
export interface RunPlaceTable {
  tenant_id: string
  id: string
  owner_id: string
  lease_owner: string
  lease_until: number
}

export interface SummaryTable {
  tenant_id: string
  /** The message it ends at. */
  message_id: string
  conversation_id: string
  content: string
  created_at: number
}

/** Who wished to be forgotten. */
export interface ErasureTable {
  tenant_id: string
  /** Stands for the subject. */
  pseudonym: string
  /** A visitor is refused for ever; a user of the site may begin anew. */
  kind: 'visitor' | 'user'
  /** Who it is, until the erasure is completed. */
  subject: string | null
  requested_at: number
}

/** Which process does a job that only one may do. */
export interface JobLeaseTable {
  /** Empty for the installation. */
  tenant_id: string
  job: string
  owner: string
  until: number
}

export interface TenantTable {
  tenant_id: string
  /** JSON object, as it was given. */
  settings: string
  created_at: number
  updated_at: number
}

/** One for each thing that is off. */
export interface KillSwitchTable {
  /** Empty for the installation and for models. */
  tenant_id: string
  scope: 'installation' | 'tenant' | 'model'
  /** The model; empty for the others. */
  name: string
  since: number
  reason: string
}

/** One row, of the empty tenant: grows with every change by the operator. */
export interface ControlRevisionTable {
  tenant_id: string
  revision: number
}

export interface MigrationTable {
  id: number
  name: string
  applied_at: number
}
