import { DatabaseSync } from 'node:sqlite'
import { retryWhileBusy } from './retry-while-busy.js'
import { sqliteResultCode } from './sqlite-failures.js'

const SQLITE_BUSY = 5

/** That this process has the database open, for others to see; the operating system takes it back when the process dies, however it does. */
export interface Presence {
  /** True when no other process has it open: whatever they held, they are dead. */
  readonly isAlone: boolean
  release(): void
}

/**
 * Announces this process beside the database `file`, by a lock on a file of its own. `whenAlone` runs before others can
 * announce themselves.
 * @throws errors of node:sqlite
 */
export async function announcePresence(file: string, whenAlone: () => Promise<void>): Promise<Presence> {
  const locks = new DatabaseSync(`${file}-presence`, { timeout: 0 })
  try {
    const isAlone = tryExclusive(locks)
    if (isAlone) {
      await whenAlone()
      locks.exec('commit')
    }
    await retryWhileBusy(() => share(locks))
    return { isAlone, release: () => locks.close() }
  } catch (error) {
    locks.close()
    throw error
  }
}

/** Refused as soon as one other process shares the lock. */
function tryExclusive(locks: DatabaseSync): boolean {
  try {
    locks.exec('begin exclusive')
    return true
  } catch (error) {
    if (sqliteResultCode(error) === SQLITE_BUSY) return false
    throw error
  }
}

/** A read transaction that never ends: it shares the lock for as long as this process has it open. */
function share(locks: DatabaseSync): void {
  locks.exec('begin')
  try {
    locks.prepare('select count(*) from sqlite_schema').get()
  } catch (error) {
    locks.exec('rollback')
    throw error
  }
}
