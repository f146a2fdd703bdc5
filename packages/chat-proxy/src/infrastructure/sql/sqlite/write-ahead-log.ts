import { sql, type Kysely } from 'kysely'
import type { Tables } from '../schema.js'

/** After which a log that somebody was reading is tried again, in milliseconds. */
const AGAIN_MS = 500

/**
 * The file beside the database in which changes stand first. Pages of before a deletion stay in it, readable, until it is begun anew;
 * that may be days.
 */
export class WriteAheadLog {
  readonly #kysely: Kysely<Tables>
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(kysely: Kysely<Tables>) {
    this.#kysely = kysely
  }

  /** Moves all of it into the database and empties the file; later, when another process is reading at the moment. */
  async empty(): Promise<void> {
    clearTimeout(this.#again)
    const isEmpty = await this.#tryToEmpty().catch(() => false)
    if (isEmpty || this.#isClosed) return
    this.#again = setTimeout(() => void this.empty(), AGAIN_MS).unref()
  }

  /** Nothing is tried again. The last connection that is closed removes the file. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
  }

  async #tryToEmpty(): Promise<boolean> {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(this.#kysely)
    return rows[0]?.busy === 0
  }
}
