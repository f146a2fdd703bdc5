import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import { idiomsOf, openConnectionOf, type Idioms, type Records } from './idioms.js'
import type { Tables } from './schema.js'

/** Stands in the text of a statement for a value that each execution brings. */
export type ValueOf<Values> = <Name extends keyof Values>(name: Name) => Values[Name]

type Build<Values, Row> = (
  db: Kysely<Tables>,
  value: ValueOf<Values>,
  idioms: Idioms,
) => { compile(db: Kysely<Tables>): CompiledQuery<Row> }

interface Compiled<Row> {
  readonly query: CompiledQuery<Row>
  /** The value of which each record is bound in an execution of its own; `null`: there is none. */
  readonly each: PropertyKey | null
}

/** After so many records whatever else the process has to do gets its turn. */
const STRETCH = 64

/**
 * A statement that is put together once for each technology, and only bound to its values each time it is executed: building
 * one costs more than what SQLite needs to do it. One that is given records belongs into a transaction.
 */
export class Statement<Values extends object, Row = unknown> {
  readonly #build: Build<Values, Row>
  readonly #compiled = new WeakMap<Idioms, Compiled<Row>>()

  /** @param build has the same text for any values, so it may compare none of them */
  constructor(build: Build<Values, Row>) {
    this.#build = build
  }

  async execute(db: Kysely<Tables>, values: Values): Promise<QueryResult<Row>> {
    const { query, each } = this.#compiledOf(db)
    const connection = openConnectionOf(db)
    const executed = (one: CompiledQuery<Row>) =>
      connection ? connection.execute<Row>(one) : db.executeQuery(one)
    if (each === null) return executed(bound(query, values))
    const results: QueryResult<Row>[] = []
    for (const record of recordsIn(values, each)) {
      results.push(await executed(bound(query, values, record)))
      if (results.length % STRETCH === 0) await nextTurn()
    }
    return together(results)
  }

  #compiledOf(db: Kysely<Tables>): Compiled<Row> {
    const idioms = idiomsOf(db)
    const known = this.#compiled.get(idioms)
    if (known) return known
    const query = this.#build(db, placeholder, idioms).compile(db)
    const field = query.parameters.find((parameter) => parameter instanceof FieldPlaceholder)
    const compiled = { query, each: field?.records ?? null }
    this.#compiled.set(idioms, compiled)
    return compiled
  }
}

class Placeholder {
  readonly name: PropertyKey

  constructor(name: PropertyKey) {
    this.name = name
  }
}

/** Stands for a field of the record that an execution is about. */
class FieldPlaceholder {
  readonly records: PropertyKey
  readonly field: string

  constructor(records: PropertyKey, field: string) {
    this.records = records
    this.field = field
  }
}

// Nothing reads it as the value that it stands for: queries take any parameter as it is.
const placeholder = (name: PropertyKey): never => new Placeholder(name) as never

/** For idioms that take records one by one: stands for a field of the record that an execution is about. */
export function fieldOf(records: Records, field: string): unknown {
  const stand: unknown = records
  if (!(stand instanceof Placeholder)) throw new TypeError('These are no records of a statement.')
  return new FieldPlaceholder(stand.name, field)
}

function bound<Row>(query: CompiledQuery<Row>, values: object, record: object = {}): CompiledQuery<Row> {
  const valueOf = (parameter: unknown): unknown => {
    if (parameter instanceof FieldPlaceholder) return valueIn(record, parameter.field) ?? null
    return parameter instanceof Placeholder ? plain(valueIn(values, parameter.name)) : parameter
  }
  return { ...query, parameters: query.parameters.map(valueOf) }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Records that go in at once are one parameter. */
const plain = (value: unknown): unknown => (Array.isArray(value) ? JSON.stringify(value) : value)

const valueIn = (values: object, name: PropertyKey): unknown => values[name as keyof typeof values]

// `recordsOf` makes such placeholders only of values that are records.
const recordsIn = (values: object, name: PropertyKey): Records => valueIn(values, name) as Records

const together = <Row>(results: readonly QueryResult<Row>[]): QueryResult<Row> => ({
  rows: results.flatMap(({ rows }) => rows),
  numAffectedRows: results.reduce((sum, { numAffectedRows = 0n }) => sum + numAffectedRows, 0n),
})
