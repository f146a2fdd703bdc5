import type { OutboxEntry, StoredConversation, StoredMessage } from '../persistence/storage.js'

/** Statuses that a message can be kept with. */
const STATUSES: ReadonlySet<unknown> = new Set<StoredMessage['status']>([
  'queued',
  'sending',
  'sent',
  'streaming',
  'done',
  'stopped',
  'interrupted',
  'failed',
  'blocked',
])

/** Checks what storage hands back, which an older version, another program or a broken disk may have written. */
export function isSoundMessage(value: unknown): value is StoredMessage {
  const { id, role, content, status, createdAt, parentId, runId } = (value ?? {}) as Partial<StoredMessage> // each field is checked
  return (
    typeof id === 'string' &&
    (role === 'user' || role === 'assistant') &&
    typeof content === 'string' &&
    STATUSES.has(status) &&
    Number.isFinite(createdAt) &&
    isIdOrNull(parentId) &&
    isIdOrNull(runId)
  )
}

export function isSoundConversation(value: unknown): value is StoredConversation {
  const { id, title, createdAt, updatedAt } = (value ?? {}) as Partial<StoredConversation> // each field is checked
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    Number.isFinite(createdAt) &&
    Number.isFinite(updatedAt)
  )
}

export function isSoundEntry(value: unknown): value is OutboxEntry {
  const { id, question, answer } = (value ?? {}) as Partial<OutboxEntry> // each field is checked
  return typeof id === 'string' && isSoundMessage(question) && isSoundMessage(answer)
}

const isIdOrNull = (value: unknown): boolean => value === null || typeof value === 'string'
