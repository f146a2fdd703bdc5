import type { Kysely, Transaction } from 'kysely'
import { DomainError } from '../../domain/errors.js'
import type { Tables } from './schema.js'
import { toStoreError } from './sql-error.js'

/**
 * An open database with its tables up to date. Queries are the same for every technology; what differs is the dialect
 * inside `kysely` and how failures are told apart.
 */
export class SqlDatabase {
  readonly kysely: Kysely<Tables>
  readonly #isUnavailable: (error: unknown) => boolean
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  /** `isUnavailable`: whether a driver's error says that the store cannot be used, rather than that a statement is wrong. */
  constructor(kysely: Kysely<Tables>, isUnavailable: (error: unknown) => boolean) {
    this.kysely = kysely
    this.#isUnavailable = isUnavailable
  }

  /**
   * Statements that need not hold together.
   * @throws DomainError `store-unavailable` · SqlError for a fault of ours · whatever DomainError `work` throws.
   */
  async use<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    if (this.#closing) {
      throw new DomainError('store-unavailable', 'The database is closed; the server is stopping.', {
        retryAfter: 1,
      })
    }
    const running = work(this.kysely)
    this.#underWay.add(running)
    try {
      return await running
    } catch (error) {
      throw toStoreError(error, this.#isUnavailable)
    } finally {
      this.#underWay.delete(running)
    }
  }

  /** All of `work` or, when it throws, nothing of it; durable when it resolves. Throws like `use`. */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.use((db) => db.transaction().execute(work))
  }

  /** Refuses new calls at once, lets those under way finish, then closes. Calling it again changes nothing. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.kysely.destroy())
    return this.#closing
  }
}
