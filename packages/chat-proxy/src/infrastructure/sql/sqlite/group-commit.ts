import { sql, type Kysely, type Transaction } from 'kysely'
import { SerialQueue } from '../batch.js'
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

export interface CommitHooks {
  /** Called after each commit. */
  committed(): void
  /** Resolves when all that was committed before is on the disk. */
  confirm(): Promise<void>
}

/** Callers in one transaction; beyond it the first of them would wait for long. */
const LARGEST_GROUP = 200

/**
 * Transactions that are committed together: all that are asked for within one turn of the event loop, or while another group is
 * under way. Every caller has its own result or error: when one of them fails, all is done anew with a savepoint for each. When a
 * group as a whole cannot be committed, each of it tries alone. Who needs it durable is answered when it is on the disk; the next
 * group does not wait for that.
 */
export class GroupCommit {
  readonly #kysely: Kysely<Tables>
  readonly #hooks: CommitHooks
  readonly #waiting: Entry[] = []
  readonly #turns = new SerialQueue()
  #isRunning = false

  constructor(kysely: Kysely<Tables>, hooks: CommitHooks) {
    this.#kysely = kysely
    this.#hooks = hooks
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

  /** Does something while none of these transactions is under way; those that come meanwhile wait. Throws what `work` throws. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work)
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0)
      await this.#turns.run(() => this.#commit(this.#waiting.splice(0, LARGEST_GROUP)))
    this.#isRunning = false
  }

  async #commit(group: readonly Entry[]): Promise<void> {
    let together = await this.#commitTogether(group, plainly)
    if (together === 'undone') together = await this.#commitTogether(group, attempt)
    if (together !== 'undone') return this.#answer(group, together)
    for (const entry of group) {
      const alone = await outcomeOf(this.#transaction(entry.work))
      this.#answer([entry], () => alone)
    }
  }

  /** @returns the outcome of each, or `undone` when nothing was done and each may try alone */
  async #commitTogether(
    group: readonly Entry[],
    outcomeIn: OutcomeIn,
  ): Promise<((index: number) => Outcome | undefined) | 'undone'> {
    let hasBegun = false
    const all = await outcomeOf(
      this.#transaction(async (trx) => {
        hasBegun = true
        const outcomes: Outcome[] = []
        for (const { work } of group) outcomes.push(await outcomeIn(trx, work))
        return outcomes
      }),
    )
    if ('value' in all) return (index) => all.value[index]
    // What keeps a transaction from beginning, another process above all, would keep each of them, one after the other.
    return hasBegun && group.length > 1 ? 'undone' : () => all
  }

  #transaction<T>(work: SqlWork<T>): Promise<T> {
    return this.#kysely.transaction().execute(work)
  }

  /** A refusal waits for nothing: it stays right when what it was founded on is lost. */
  #answer(group: readonly Entry[], outcomeAt: (index: number) => Outcome | undefined): void {
    let confirmed: Promise<Outcome> | null = null
    for (const [index, entry] of group.entries()) {
      const outcome = outcomeAt(index)
      if (!entry.isDurable || !outcome || 'error' in outcome) {
        settle(entry, outcome)
        continue
      }
      confirmed ??= outcomeOf(this.#hooks.confirm())
      void confirmed.then((onDisk) => settle(entry, 'error' in onDisk ? onDisk : outcome))
    }
    // While the disk is waited for.
    this.#hooks.committed()
  }
}

/** What comes of one's work in the transaction of all. */
type OutcomeIn = (trx: Transaction<Tables>, work: SqlWork<unknown>) => Promise<Outcome>

/** @throws when `work` does: the transaction is to be given up then */
const plainly: OutcomeIn = async (trx, work) => ({ value: await work(trx) })

/**
 * In a savepoint, for which SQLite copies each page before it is changed, into a file when they are many: a quarter of what all
 * statements of an answer cost. @throws when not only `work` is undone but the whole transaction, as after a full disk
 */
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
