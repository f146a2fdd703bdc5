import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './schema.js'
import { toStoreError } from './sql-error.js'

/** An open database with its tables up to date. What differs between technologies is here; queries are the same. */
export interface SqlDatabase {
  readonly kysely: Kysely<Tables>
  /** Whether the error of a driver says that the store cannot be used now, rather than that a statement is wrong. */
  readonly isUnavailable: (error: unknown) => boolean
  /** Waits for transactions under way. Every call after it fails with `store-unavailable`. */
  close(): Promise<void>
}

/** @throws DomainError `store-unavailable` · SqlError for a fault of ours · whatever DomainError `work` throws. */
export async function inStore<T>(
  database: SqlDatabase,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  try {
    return await work(database.kysely)
  } catch (error) {
    throw toStoreError(error, database.isUnavailable)
  }
}

/** All of `work`, or, when it throws, nothing of it. Throws like `inStore`. */
export const inTransaction = <T>(
  database: SqlDatabase,
  work: (trx: Transaction<Tables>) => Promise<T>,
): Promise<T> => inStore(database, (db) => db.transaction().execute(work))
