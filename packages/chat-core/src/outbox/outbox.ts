import type { ChatStorage, OutboxEntry } from '../persistence/storage.js'

/**
 * Keeps every question from the moment it is asked until the server has it, so that a reload, a crash or a day offline
 * loses none. Entries are sent again under their first ids, which is why none arrives twice.
 */
export interface Outbox {
  put(entry: OutboxEntry): Promise<void>
  drop(id: string): Promise<void>
  /** Oldest first. */
  entries(): Promise<readonly OutboxEntry[]>
}

/** Makes the outbox of a client from the client's own storage. */
export type OutboxFactory = (storage: ChatStorage) => Outbox
