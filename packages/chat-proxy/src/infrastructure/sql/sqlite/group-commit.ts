import { sql, type Kysely, type Transaction } from 'kysely'
import type { Tables } from '../schema.js'
import type { SqlWork } from '../sql-database.js'

/** One caller that waits for its commit. */
interface Entry {
  readonly work: SqlWork<unknown>
  readonly isDurable: boolean
  resolve(value: unknown): void
  reject(error: unknown): void
}

type Outcome<T = unknown> = { readonly value: T } | { readonly error: unknown }

/** Callers in one transaction; beyond it the first of them would wait for long. */
const LARGEST_GROUP = 200

/**
 * Transactions that wait for the disk together. Each commit of SQLite costs a write to the disk during which this process
 * stands still; all transactions that are asked for within one turn of the event loop share one. Every caller has a
 * savepoint of its own, and its own result or error. When a group as a whole cannot be committed, each of it tries alone.
 */
export class GroupCommit {
  readonly #kysely: Kysely<Tables>
  readonly #setDurable: (isDurable: boolean) => void
  readonly #waiting: Entry[] = []
  #isRunning = false

  /** `setDurable`: whether commits of the one connection wait for the disk; they do from the beginning. */
  constructor(kysely: Kysely<Tables>, setDurable: (isDurable: boolean) => void) {
    this.#kysely = kysely
    this.#setDurable = setDurable
  }

  run<T>(work: SqlWork<T>, isDurable: boolean): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ work, isDurable, resolve, reject })
      if (this.#isRunning) return
      this.#isRunning = true
      setImmediate(() => void this.#commitAll())
      // What `work` resolves with is what comes back.
    }) as Promise<T>
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, LARGEST_GROUP))
    this.#isRunning = false
  }

  async #commit(group: readonly Entry[]): Promise<void> {
    const together = await this.#commitTogether(group)
    if (together !== 'undone') return group.forEach((entry, index) => settle(entry, together(index)))
    for (const entry of group) settle(entry, await outcomeOf(this.#transaction([entry], entry.work)))
  }

  /** @returns the outcome of each, or `undone` when nothing was done and each may try alone */
  async #commitTogether(
    group: readonly Entry[],
  ): Promise<((index: number) => Outcome | undefined) | 'undone'> {
    let hasBegun = false
    const all = await outcomeOf(
      this.#transaction(group, async (trx) => {
        hasBegun = true
        const outcomes: Outcome[] = []
        for (const { work } of group) outcomes.push(await attempt(trx, work))
        return outcomes
      }),
    )
    if ('value' in all) return (index) => all.value[index]
    // What keeps a transaction from beginning, another process above all, would keep each of them, one after the other.
    return hasBegun ? 'undone' : () => all
  }

  #transaction<T>(group: readonly Entry[], work: SqlWork<T>): Promise<T> {
    const isDurable = group.some((entry) => entry.isDurable)
    return this.#kysely.connection().execute(async (db) => {
      if (!isDurable) this.#setDurable(false)
      try {
        return await db.transaction().execute(work)
      } finally {
        if (!isDurable) this.#setDurable(true)
      }
    })
  }
}

/** @throws when not only `work` is undone but the whole transaction, as after a full disk */
async function attempt(trx: Transaction<Tables>, work: SqlWork<unknown>): Promise<Outcome> {
  await sql`savepoint work`.execute(trx)
  const outcome = await outcomeOf(work(trx))
  if ('error' in outcome) await sql`rollback to work`.execute(trx)
  await sql`release work`.execute(trx)
  return outcome
}

const outcomeOf = <T>(work: Promise<T>): Promise<Outcome<T>> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )

function settle(entry: Entry, outcome: Outcome | undefined): void {
  if (outcome && 'value' in outcome) entry.resolve(outcome.value)
  else entry.reject(outcome?.error)
}
