import { PostgresAdapter, PostgresDialect, sql } from 'kysely'
import { changeTogether } from '../change-rows.js'
import type { IdiomaticAdapter, Idioms } from '../idioms.js'
import { keep } from './kept-table.js'
import { isAbsent } from './process-presence.js'

const IDIOMS: Idioms = {
  now: sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  recordsOf: (records, fields) => {
    const columns = sql.join(fields.map(({ name, type }) => sql`${sql.ref(name)} ${sql.raw(type)}`))
    return sql`select * from json_to_recordset(${records}::json) as record(${columns})`
  },
  changeOf: (change) => changeTogether(change, IDIOMS.recordsOf),
  writesWithin: true,
  leaveRoom: (table) => sql`alter table ${sql.table(table)} set (fillfactor = 50)`,
  keep,
  isAbsent,
}

class PostgresIdioms extends PostgresAdapter implements IdiomaticAdapter {
  readonly idioms = IDIOMS
}

/** Kysely's own PostgreSQL grammar, with the idioms beside it. */
export class IdiomaticPostgresDialect extends PostgresDialect {
  override createAdapter(): PostgresIdioms {
    return new PostgresIdioms()
  }
}
