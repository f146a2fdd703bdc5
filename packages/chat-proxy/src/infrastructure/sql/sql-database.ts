import type { Expression, Kysely, RawBuilder, Transaction } from 'kysely'
import { DomainError } from '../../domain/errors.js'
import { idiomsOf } from './idioms.js'
import type { Tables } from './schema.js'
import { toStoreError } from './sql-error.js'

/** What differs between technologies beyond the dialect. */
export interface SqlTechnology {
  /** Whether a driver's error says that the store cannot be used, rather than that a statement is wrong. */
  isUnavailable(this: void, error: unknown): boolean
  /** Whether another process can be using the database. Once true, always true. */
  isShared(this: void): boolean
  /** Keeps other transactions that lock the same name waiting until the end of this one. */
  lock(this: void, trx: Transaction<Tables>, name: string): Promise<void>
  /** Whether `text` has `word` in it, whatever the case of letters. `word` is in lower case. */
  contains(this: void, text: Expression<string>, word: string): RawBuilder<boolean>
  /** Messages to look through in one statement: what it costs must hold up nobody. */
  readonly searchStep: number
  /** Statements that change nothing, need not hold together, and see the rows of `scope` that are committed. */
  query<T>(this: void, scope: TenantScope, work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** Commits what `work` did, or nothing when it throws. `isDurable`: before it resolves, it is on the disk. */
  transact<T>(this: void, scope: TenantScope, work: SqlWork<T>, isDurable: boolean): Promise<T>
  /** Like `query`, but never in line behind requests. Default: `query`. */
  queryAhead?<T>(this: void, scope: TenantScope, work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** Like `transact`, but never in line behind requests. Default: `transact`. */
  transactAhead?<T>(this: void, scope: TenantScope, work: SqlWork<T>, isDurable: boolean): Promise<T>
  /** Lets `work` be done, or refuses it because the server does not answer. Default: lets it. */
  guard?<T>(this: void, work: () => Promise<T>): Promise<T>
  /** False while what is written is refused, though what is there can be read. Default: true. */
  takesWrites?(this: void): boolean
  /** Resolves when all that could be read before is on the disk. Default: at once, it is before it can be read. */
  confirm?(this: void): Promise<void>
  /** Sees to it that no file of its own still holds what was deleted. Default: nothing, what is deleted is left to the server. */
  overwriteDeleted?(this: void): Promise<void>
  /** Lets others see that the process `owner` is there, however slow, until the database is closed. Default: they cannot. */
  announce?(this: void, owner: string): Promise<void>
  /** False while processes that are there may be missed, since the server has forgotten them. Default: true. */
  knowsProcesses?(this: void): boolean
  /** After the last statement, before the database is closed. */
  release?(this: void): void | Promise<void>
}

/** For what is done for all tenants at once: upkeep, clearing up, and what the operator does. */
export const EVERY_TENANT = Symbol('every tenant')
/** Where rows of the installation itself stand. */
export const INSTALLATION = ''
/**
 * Whose rows a piece of work is about: a tenant's, those of the installation, or everybody's. A technology that can hides
 * all others, so that a query that forgets to say it finds nothing of anybody else.
 */
export type TenantScope = string | typeof EVERY_TENANT

/** The one tenant of these rows, or everybody when they are of several. Those of the installation go with any. */
export function scopeOf(tenantIds: readonly string[]): TenantScope {
  const [first = INSTALLATION, ...others] = new Set(tenantIds.filter((id) => id !== INSTALLATION))
  return others.length > 0 ? EVERY_TENANT : first
}

/** Has no effect but through `trx`, so that it can be done once more when its transaction was lost. */
export type SqlWork<T> = (trx: Transaction<Tables>) => Promise<T>

/**
 * An open database with its tables up to date. Queries are the same for every technology; what differs is the dialect
 * inside `kysely` and what stands in `SqlTechnology`.
 */
export class SqlDatabase {
  /** Without any scope; for what has none, such as changes of the schema. */
  readonly kysely: Kysely<Tables>
  readonly #technology: SqlTechnology
  readonly #underWay = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(kysely: Kysely<Tables>, technology: SqlTechnology) {
    this.kysely = kysely
    this.#technology = technology
  }

  /** For comparing and storing times of several processes: theirs may go wrong by seconds. */
  now(): RawBuilder<number> {
    return idiomsOf(this.kysely).now
  }

  /** False: this process has it for itself, and what it knows is all there is. */
  isShared(): boolean {
    return this.#technology.isShared()
  }

  /** False while what is written is refused, though what is there can be read. */
  get takesWrites(): boolean {
    return this.#technology.takesWrites?.() ?? true
  }

  /** Lets other processes see, where that can be, that `owner`, which is this one, is there however slow it is. Never rejects. */
  async announce(owner: string): Promise<void> {
    await this.#technology.announce?.(owner)
  }

  /** False while others that are there may not be seen, so that none may be taken for dead. */
  get knowsProcesses(): boolean {
    return this.#technology.knowsProcesses?.() ?? true
  }

  /** Whether nothing says that the process `owner` is there. */
  isAbsent(owner: Expression<string | null>): RawBuilder<boolean> {
    return idiomsOf(this.kysely).isAbsent(owner)
  }

  /** Others that lock the same name wait for the end of the transaction. */
  lock(trx: Transaction<Tables>, name: string): Promise<void> {
    return this.#technology.lock(trx, name)
  }

  /** Whether `text` has `word`, which is in lower case, in it, whatever the case of letters. */
  contains(text: Expression<string>, word: string): RawBuilder<boolean> {
    return this.#technology.contains(text, word)
  }

  /** How many messages one statement should look through at most. */
  get searchStep(): number {
    return this.#technology.searchStep
  }

  /**
   * Statements that change nothing and need not hold together.
   * @throws DomainError `store-unavailable` · SqlError for a fault of ours · whatever DomainError `work` throws.
   */
  use<T>(scope: TenantScope, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#run(() => this.#technology.query(scope, work))
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) {
      throw new DomainError('store-unavailable', 'The database is closed; the server is stopping.', {
        retryAfter: 1,
      })
    }
    const { guard } = this.#technology
    const running = guard ? guard(work) : work()
    this.#underWay.add(running)
    try {
      return await running
    } catch (error) {
      throw toStoreError(error, this.#technology.isUnavailable)
    } finally {
      this.#underWay.delete(running)
    }
  }

  /** All of `work` or, when it throws, nothing of it; durable when it resolves. Throws like `use`. */
  transaction<T>(scope: TenantScope, work: SqlWork<T>): Promise<T> {
    return this.#run(() => this.#technology.transact(scope, work, true))
  }

  /**
   * The same, for what may be lost when the machine loses its power, but not when this process dies: it costs no wait for
   * the disk.
   */
  quickTransaction<T>(scope: TenantScope, work: SqlWork<T>): Promise<T> {
    return this.#run(() => this.#technology.transact(scope, work, false))
  }

  /**
   * A quick transaction for every tenant, that others take this process for dead without: it does not stand in line behind those of requests,
   * however many these are.
   */
  upkeep<T>(work: SqlWork<T>): Promise<T> {
    return this.#ahead(EVERY_TENANT, work, false)
  }

  /** As `transaction`, of what frees others: it must not wait behind those that wait for it. */
  priority<T>(scope: TenantScope, work: SqlWork<T>): Promise<T> {
    return this.#ahead(scope, work, true)
  }

  /** What the operator wants, as `transaction`: when there are too many requests, it must not wait for them. */
  command<T>(work: SqlWork<T>): Promise<T> {
    return this.#ahead(EVERY_TENANT, work, true)
  }

  /** As `use`, of what the operator wants. */
  commanded<T>(scope: TenantScope, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    const { queryAhead, query } = this.#technology
    return this.#run(() => (queryAhead ?? query)(scope, work))
  }

  #ahead<T>(scope: TenantScope, work: SqlWork<T>, isDurable: boolean): Promise<T> {
    const { transactAhead, transact } = this.#technology
    return this.#run(() => (transactAhead ?? transact)(scope, work, isDurable))
  }

  /** Resolves when all that was read before is durable. Throws like `use`. */
  confirm(): Promise<void> {
    return this.#run(async () => this.#technology.confirm?.())
  }

  /** After something was taken away for good: no file of this process's own database holds it any longer. Throws like `use`. */
  overwriteDeleted(): Promise<void> {
    return this.#run(async () => this.#technology.overwriteDeleted?.())
  }

  /** Refuses new calls at once, lets those under way finish, then closes. Calling it again changes nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    await this.kysely.destroy()
    await this.#technology.release?.()
  }
}
