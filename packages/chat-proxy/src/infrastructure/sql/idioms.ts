import type { DialectAdapter, Kysely, RawBuilder } from 'kysely'
import type { Tables } from './schema.js'

/** How a technology says what Kysely has no words for. */
export interface Idioms {
  /** The time by the one clock of all processes that share the database, in milliseconds since 1970. */
  readonly now: RawBuilder<number>
  readonly recordsOf: RecordsOf
  /** Whether a statement may write within its `with`. */
  readonly writesWithin: boolean
  /** End of a `select`: nobody else changes its rows of `table` until the end of the transaction. */
  lock(this: void, table: keyof Tables): RawBuilder<unknown>
  /** The same, leaving out those that another transaction is changing. */
  lockFree(this: void, table: keyof Tables): RawBuilder<unknown>
}

/** The objects of a JSON array as a table with these of their fields. */
export type RecordsOf = (json: string, fields: readonly RecordField[]) => RawBuilder<unknown>

export interface RecordField {
  readonly name: string
  readonly type: 'text' | 'bigint'
}

export const text = (name: string): RecordField => ({ name, type: 'text' })
export const bigint = (name: string): RecordField => ({ name, type: 'bigint' })

/** What Kysely calls an adapter, with the idioms beside it. */
export interface IdiomaticAdapter extends DialectAdapter {
  readonly idioms: Idioms
}

// Every dialect here is made with such an adapter.
export const idiomsOf = (db: Kysely<Tables>): Idioms => (db.getExecutor().adapter as IdiomaticAdapter).idioms
