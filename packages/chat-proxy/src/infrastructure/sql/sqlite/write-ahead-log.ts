import { fstatSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'

export interface LogParts {
  /** Of the file of the log. */
  readonly handle: FileHandle
  /** Executes a statement over a connection of its own, where nobody is held up by it. */
  readonly execute: (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Lets no transaction of this process be under way meanwhile. */
  readonly between: (work: () => Promise<boolean>) => Promise<boolean>
}

/** In bytes: about a thousand pages. */
export const LARGEST_LOG = 4_194_304
/** Its size is asked for after so many commits: it takes as long as a small statement. */
const COMMITS_A_LOOK = 8
/** Milliseconds after which a log that somebody was reading is tried again. */
const AGAIN_MS = 500

const COPY = 'pragma wal_checkpoint(passive)'
const COPY_AND_EMPTY = 'pragma wal_checkpoint(truncate)'
/** "Colq". Says whose files these are; writing it once more changes nothing. */
const APPLICATION_ID = 0x43_6f_6c_71
/**
 * The first commit after all was copied starts at the beginning of the file, and SQLite waits for the disk before it writes the
 * second thing there. This makes it the commit of whoever executes it, and cuts the file to its limit.
 */
const BEGIN_ANEW = `pragma application_id = ${APPLICATION_ID}`

/** For every connection that writes: SQLite copies nothing of its own accord, and a file that was larger is cut when it begins anew. */
export const LOG_PRAGMAS = `pragma wal_autocheckpoint = 0; pragma journal_size_limit = ${LARGEST_LOG}`

/** Leaves no commit of before in the log, at a start, where all may wait for the disk. @returns whether that went well */
export function startAnew(database: DatabaseSync): boolean {
  try {
    const copied = database.prepare(COPY_AND_EMPTY).get()
    database.exec(BEGIN_ANEW)
    return isWhole(copied)
  } catch {
    // A full disk, or somebody else: it may be possible later, and reading is possible now.
    return false
  }
}

/** What a checkpoint tells: nothing is left that is not in the database. */
const isWhole = (copied: Readonly<Record<string, unknown>> | undefined): boolean =>
  copied?.['busy'] === 0 && copied['log'] === copied['checkpointed']

/**
 * The file beside the database in which changes stand first. Moving them into the database waits for the disk several times, so it
 * is done elsewhere; only the end of it lets commits of this process wait, and nothing else. Pages of before a deletion stay in the file,
 * readable, until it is emptied.
 */
export class WriteAheadLog {
  readonly #parts: LogParts
  #commits = 0
  #isShrinking = false
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(parts: LogParts) {
    this.#parts = parts
  }

  /** To be called after each commit: sees to it that the file does not stay larger than `LARGEST_LOG`. */
  committed(): void {
    this.#commits += 1
    if (this.#isShrinking || this.#commits % COMMITS_A_LOOK !== 0 || !this.#isLarge()) return
    this.#isShrinking = true
    void this.#shrink()
  }

  /** Moves all of it into the database and empties the file; later, when somebody else is reading at the moment. */
  async empty(): Promise<void> {
    clearTimeout(this.#again)
    const isEmpty = await this.moveAll().catch(() => false)
    if (isEmpty || this.#isClosed) return
    this.#again = setTimeout(() => void this.empty(), AGAIN_MS).unref()
  }

  /** @returns false when somebody else is reading. @throws Error of SQLite */
  moveAll(): Promise<boolean> {
    return this.#move(COPY_AND_EMPTY)
  }

  /** Nothing is tried again. The last connection that is closed removes the file. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
  }

  async #shrink(): Promise<void> {
    await this.#move(COPY).catch(() => false)
    // Else somebody is reading what stands in it, or the disk refuses: it is not tried again after each commit.
    if (this.#isLarge()) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref())
    this.#isShrinking = false
  }

  /** @param rest copies what was committed while the most of it was copied */
  async #move(rest: string): Promise<boolean> {
    const { execute, between } = this.#parts
    await execute(COPY)
    return between(async () => {
      const [copied] = await execute(rest)
      if (!isWhole(copied)) return false
      await execute(BEGIN_ANEW)
      return true
    })
  }

  /** The file is cut when it begins anew, so what it holds in bytes was written since then. No disk is asked for that. */
  #isLarge(): boolean {
    if (this.#isClosed) return false
    try {
      return fstatSync(this.#parts.handle.fd).size > LARGEST_LOG
    } catch {
      // A file system that does not answer even this is not moved to another file of it.
      return false
    }
  }
}
