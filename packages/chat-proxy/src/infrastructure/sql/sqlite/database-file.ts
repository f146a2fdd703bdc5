import { closeSync, mkdirSync, openSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Durability } from './durability.js'
import { SqliteThread } from './sqlite-thread.js'
import { LOG_PRAGMAS, WriteAheadLog } from './write-ahead-log.js'

export interface DatabaseFileOptions {
  readonly file: string
  /** Brings to the disk what was written to the file of the log. Default: `fdatasync`, on a thread of libuv's pool. */
  readonly sync?: ((log: FileHandle) => Promise<void>) | undefined
  /** Called with `false` when the disk refuses what is written, and with `true` when it takes it again. */
  readonly onChange?: ((isUsable: boolean) => void) | undefined
}

/** What stands on the disk for a database, and what waits for that disk in place of the thread that serves requests. */
export interface DatabaseFile {
  readonly log: WriteAheadLog
  readonly durability: Durability
  /** After all other connections: the last one of all waits for the disk. */
  readonly close: () => Promise<void>
}

/** Milliseconds that the thread waits for another process; commits of this one may be waiting for it. */
const PATIENCE_MS = 50

/**
 * @param between lets no transaction of this process be under way meanwhile
 * @throws Error of the file system
 */
export async function openDatabaseFile(
  { file, sync = (log) => log.datasync(), onChange }: DatabaseFileOptions,
  between: (work: () => Promise<boolean>) => Promise<boolean>,
): Promise<DatabaseFile> {
  const thread = new SqliteThread({
    file,
    pragmas: `${LOG_PRAGMAS}; pragma synchronous = normal`,
    timeout: PATIENCE_MS,
  })
  // SQLite's locks are on the other two files, and would go with any handle of those. It keeps this one for as long as a connection is open.
  const handle = await open(`${file}-wal`, 'r+')
  const log = new WriteAheadLog({ handle, execute: (statement) => thread.run(statement), between })
  const durability = new Durability({
    sync: () => sync(handle),
    async restore() {
      if (!(await log.moveAll())) throw new Error('Somebody is reading.')
      await sync(handle)
    },
    onChange,
  })
  return {
    log,
    durability,
    async close() {
      log.close()
      durability.close()
      await handle.close()
      await thread.close()
    },
  }
}

/**
 * Makes the file where there is none, with its folder, readable by this user alone: SQLite itself would make it readable by everybody. Its side files
 * take over the mode of the first.
 * @returns the folders in which there may be new names
 */
export function createPrivately(file: string): readonly string[] {
  const folder = dirname(file)
  const firstNew = mkdirSync(folder, { recursive: true, mode: 0o700 })
  createOnce(file)
  const last = firstNew === undefined ? folder : dirname(firstNew)
  const folders = [folder]
  for (let at = folder; at !== last && at !== dirname(at); at = dirname(at)) folders.push(dirname(at))
  return folders
}

/** One that is there is not even opened: closing it would drop the locks that another connection of this process has on it. */
function createOnce(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** After it, the names of files in these folders outlive a loss of power. */
export async function syncFolders(folders: readonly string[]): Promise<void> {
  // There no folder can be opened, and names are kept without it.
  if (process.platform === 'win32') return
  for (const folder of folders) {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}
