import { sql, type RawBuilder } from 'kysely'
import type { RecordField, RecordsOf, RowChange } from './idioms.js'
import { fieldOf } from './statement.js'

/** One statement for all records, for a technology that locks rows. */
export function changeTogether<Row>(change: RowChange<Row>, recordsOf: RecordsOf): RawBuilder<Row> {
  const { table, records, keys, fields, order, ifTaken, where = ALL } = change
  const named = sql`named as (${recordsOf(records, [...keys, ...fields])})`
  if (!order) return sql<Row>`with ${named} ${changeFrom('named', change, where)}`
  const taken = ifTaken === 'leave' ? sql`skip locked` : sql``
  const inOrder = sql.join(order.map((name) => sql.ref(`named.${name}`)))
  return sql<Row>`with ${named}, taken as (
      select named.* from named inner join ${sql.table(table)} on ${hasKeysOf('named', change)}
      where ${where} order by ${inOrder} for update of ${sql.ref(table)} ${taken})
    ${changeFrom('taken', change, ALL)}`
}

const ALL = sql`true`

function changeFrom<Row>(source: string, change: RowChange<Row>, where: RawBuilder<unknown>) {
  const changes = change.set((name) => sql.ref(`${source}.${name}`))
  return sql`update ${sql.table(change.table)} set ${changes} from ${sql.table(source)}
    where ${hasKeysOf(source, change)} and ${where} ${returned(change)}`
}

/** An update of the one row that each execution is about. */
export function changeOne<Row>(change: RowChange<Row>): RawBuilder<Row> {
  const { table, records, where = ALL } = change
  const given = (name: string) => sql`${fieldOf(records, name)}`
  return sql<Row>`update ${sql.table(table)} set ${change.set(given)}
    where ${hasKeys(change, given)} and ${where} ${returned(change)}`
}

const returned = <Row>({ returning }: RowChange<Row>) => (returning ? sql`returning ${returning}` : sql``)

const hasKeysOf = <Row>(source: string, change: RowChange<Row>) =>
  hasKeys(change, (name) => sql.ref(`${source}.${name}`))

const hasKeys = <Row>(
  { table, keys }: RowChange<Row>,
  given: (name: string) => RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql.join(
    keys.map(({ name }) => sql`${sql.ref(`${table}.${name}`)} = ${given(name)}`),
    sql` and `,
  )

/** The columns become what the record says of them. */
export const taking =
  (fields: readonly RecordField[]): RowChange<unknown>['set'] =>
  (given) =>
    sql.join(fields.map(({ name }) => sql`${sql.ref(name)} = ${given(name)}`))
