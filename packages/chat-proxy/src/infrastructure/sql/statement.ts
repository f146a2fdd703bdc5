import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import { idiomsOf, type Idioms } from './idioms.js'
import type { Tables } from './schema.js'

/** Stands in the text of a statement for a value that each execution brings. */
export type ValueOf<Values> = <Name extends keyof Values>(name: Name) => Values[Name]

type Build<Values, Row> = (
  db: Kysely<Tables>,
  value: ValueOf<Values>,
  idioms: Idioms,
) => { compile(db: Kysely<Tables>): CompiledQuery<Row> }

/**
 * A statement that is put together once for each technology, and only bound to its values each time it is executed: building
 * one costs more than what SQLite needs to do it.
 */
export class Statement<Values extends object, Row = unknown> {
  readonly #build: Build<Values, Row>
  readonly #compiled = new WeakMap<Idioms, CompiledQuery<Row>>()

  /** @param build has the same text for any values, so it may compare none of them */
  constructor(build: Build<Values, Row>) {
    this.#build = build
  }

  execute(db: Kysely<Tables>, values: Values): Promise<QueryResult<Row>> {
    const compiled = this.#compiledFor(db)
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name as keyof Values] : parameter,
    )
    return db.executeQuery({ ...compiled, parameters })
  }

  #compiledFor(db: Kysely<Tables>): CompiledQuery<Row> {
    const idioms = idiomsOf(db)
    const known = this.#compiled.get(idioms)
    if (known) return known
    const compiled = this.#build(db, placeholder, idioms).compile(db)
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

// Nothing reads it as the value that it stands for: queries take any parameter as it is.
const placeholder = (name: PropertyKey): never => new Placeholder(name) as never
