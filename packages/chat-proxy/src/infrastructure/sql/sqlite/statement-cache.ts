import type { DatabaseSync, StatementSync } from 'node:sqlite'

export interface CachedStatement {
  readonly statement: StatementSync
  /** True for a select and for anything with `returning`. */
  readonly returnsRows: boolean
}

/** Prepared statements by their text, the least recently used thrown out first. Bounded: a bulk insert has one text per size. */
export class StatementCache {
  readonly #database: DatabaseSync
  readonly #capacity: number
  readonly #statements = new Map<string, CachedStatement>()
  /** Of the statement that was used last. */
  #lastText = ''

  constructor(database: DatabaseSync, capacity = 200) {
    this.#database = database
    this.#capacity = capacity
  }

  get(sql: string): CachedStatement {
    const found = this.#statements.get(sql) ?? this.#prepare(sql)
    // As with many records in a row. It stands at the end, and a map that is changed each time is made anew all the time.
    if (sql === this.#lastText) return found
    this.#lastText = sql
    // A map remembers the order of insertion: put back at the end, the first key is the one not used for longest.
    this.#statements.delete(sql)
    this.#statements.set(sql, found)
    return found
  }

  #prepare(sql: string): CachedStatement {
    const statement = this.#database.prepare(sql)
    const [oldest] = this.#statements.keys()
    if (oldest !== undefined && this.#statements.size >= this.#capacity) this.#statements.delete(oldest)
    return { statement, returnsRows: statement.columns().length > 0 }
  }
}
