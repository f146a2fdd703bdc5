import type { CompiledQuery, DialectAdapter, Expression, Kysely, QueryResult, RawBuilder } from 'kysely'
import type { Tables } from './schema.js'

/** How a technology says what Kysely has no words for. */
export interface Idioms {
  /** The time by the one clock of all processes that share the database, in milliseconds since 1970. */
  readonly now: RawBuilder<number>
  readonly recordsOf: RecordsOf
  /** A change of the rows that records name. */
  changeOf<Row>(this: void, change: RowChange<Row>): RawBuilder<Row>
  /** Whether a statement may write within its `with`. */
  readonly writesWithin: boolean
  /** Leaves room beside the rows of `table`, which change often, for what they become. Left out: a changed row takes the place of the old. */
  leaveRoom?(this: void, table: keyof Tables): RawBuilder<unknown>
  /**
   * Statements after which no row of `table` can be taken away, nor changed unless `mayChange` holds of `old` and `new`. For migrations.
   */
  keep(this: void, table: keyof Tables, mayChange: RawBuilder<boolean>): readonly RawBuilder<unknown>[]
  /** Whether nothing says that the process `owner` is there, which renews its leases no more. */
  isAbsent(this: void, owner: Expression<string | null>): RawBuilder<boolean>
}

/** Rows that a statement is given as a value. */
export type Records = readonly object[]

/** The records that a statement is given, or the one that its execution is about, as a table with these of their fields. */
export type RecordsOf = (records: Records, fields: readonly RecordField[]) => RawBuilder<unknown>

export interface RecordField {
  readonly name: string
  readonly type: 'text' | 'bigint'
}

export const text = (name: string): RecordField => ({ name, type: 'text' })
export const bigint = (name: string): RecordField => ({ name, type: 'bigint' })

/** A change of rows that records name, each its own. */
export interface RowChange<Row> {
  readonly table: keyof Tables
  readonly records: Records
  /** By which a record names its row; columns of the same names. */
  readonly keys: readonly RecordField[]
  /** What else it brings. */
  readonly fields: readonly RecordField[]
  /** What becomes of the columns. @param given what the record says of a field */
  readonly set: (given: (name: string) => RawBuilder<unknown>) => RawBuilder<unknown>
  /** Which rows are left as they are if it does not hold. Default: none. */
  readonly where?: RawBuilder<unknown>
  /** Fields by which rows are locked one after the other, so that nobody waits for two. Left out: they cannot be in anybody's way. */
  readonly order?: readonly string[]
  /** What becomes of rows that another transaction is changing. Default: they are waited for. With an `order` alone. */
  readonly ifTaken?: 'wait' | 'leave'
  readonly returning?: RawBuilder<Row>
}

/** What Kysely calls an adapter, with the idioms beside it. */
export interface IdiomaticAdapter extends DialectAdapter {
  readonly idioms: Idioms
  /** The connection that `db` has anyway, so that nobody need give it one for each statement. Left out where there are many. */
  openConnection?(db: Kysely<Tables>): OpenConnection | null
}

export interface OpenConnection {
  /** At once where it can, without a promise for each statement. */
  execute<R>(query: CompiledQuery): QueryResult<R> | Promise<QueryResult<R>>
}

// Every dialect here is made with such an adapter.
const adapterOf = (db: Kysely<Tables>): IdiomaticAdapter => db.getExecutor().adapter as IdiomaticAdapter

export const idiomsOf = (db: Kysely<Tables>): Idioms => adapterOf(db).idioms

export const openConnectionOf = (db: Kysely<Tables>): OpenConnection | null =>
  adapterOf(db).openConnection?.(db) ?? null
