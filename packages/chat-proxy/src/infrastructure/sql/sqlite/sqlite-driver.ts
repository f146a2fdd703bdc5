import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { retryWhileBusy } from './retry-while-busy.js'
import { StatementCache } from './statement-cache.js'

/**
 * Kysely on node:sqlite, over one connection. Where it is written to, the dialect's adapter says that there is only one, so Kysely
 * gives it to one caller at a time, a transaction from begin to end: nobody's statement falls into somebody else's transaction.
 */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync
  readonly #connection: SqliteConnection

  constructor(connection: SqliteConnection) {
    this.#database = connection.database
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  /** Takes the write lock at once: a lock asked for later, after a read, can only be refused. */
  async beginTransaction(): Promise<void> {
    await retryWhileBusy(() => this.#database.exec('begin immediate'))
  }

  async commitTransaction(): Promise<void> {
    this.#database.exec('commit')
  }

  /** After some errors (disk full, I/O) SQLite has rolled back by itself. */
  async rollbackTransaction(): Promise<void> {
    if (this.#database.isTransaction) this.#database.exec('rollback')
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#database.close()
  }
}

export class SqliteConnection implements DatabaseConnection {
  readonly database: DatabaseSync
  readonly #statements: StatementCache

  constructor(database: DatabaseSync) {
    this.database = database
    this.#statements = new StatementCache(database)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(query)
  }

  /** Within a transaction at once; else as soon as nobody is in the way. */
  execute<R>(query: CompiledQuery): QueryResult<R> | Promise<QueryResult<R>> {
    if (this.database.isTransaction) return this.executeNow<R>(query)
    return retryWhileBusy(() => this.executeNow<R>(query))
  }

  // oxlint-disable-next-line require-yield -- the contract asks for an iterator; there is nothing to give
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Streaming would hold the only connection; read pages instead.')
  }

  /** @throws Error of SQLite, also when somebody else is in the way */
  executeNow<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const { statement, returnsRows } = this.#statements.get(sql)
    const inputs = parameters.map(toInput)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- R is what the compiled query selects; node:sqlite cannot know it
    if (returnsRows) return { rows: statement.all(...inputs) as R[] }
    return { rows: [], numAffectedRows: BigInt(statement.run(...inputs).changes) }
  }
}

/**
 * Reads what is committed, and waits for no transaction: over the connection that writes while it has none open, since that one has the
 * pages at hand, and every commit makes those of all others out of date; else over one of its own.
 */
export class ReadingConnection extends SqliteConnection {
  readonly #writing: SqliteConnection

  /** @param database refuses to write */
  constructor(database: DatabaseSync, writing: SqliteConnection) {
    super(database)
    this.#writing = writing
  }

  override execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return retryWhileBusy(() => {
      const isOwn = this.#writing.database.isTransaction || !CERTAINLY_READS.test(query.sql)
      return isOwn ? this.executeNow<R>(query) : this.#writing.executeNow<R>(query)
    })
  }
}

/** What begins with `with` can write. */
const CERTAINLY_READS = /^select /i

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  throw new TypeError(`The schema has no column for a parameter of type ${typeof value}`)
}
