/** Primary result codes after which the store, not the statement, is at fault. */
const UNAVAILABLE = new Set([
  5, // BUSY: another process holds the file for longer than we wait
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  26, // NOTADB
])

/** Of those, the ones that come of a disk that can be read and not written. */
const REFUSED = new Set<number | null>([8, 10, 13, 14])

/** The primary result code (the extended one without its upper bits) of an error from node:sqlite; `null` for any other. */
export function sqliteResultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

export function isSqliteUnavailable(error: unknown): boolean {
  const code = sqliteResultCode(error)
  if (code !== null) return UNAVAILABLE.has(code)
  return isFileSystemFailure(error)
}

/** What was written could not be: the disk is full, read-only or broken. */
export const isRefusedByDisk = (error: unknown): boolean => REFUSED.has(sqliteResultCode(error))

/** The folder or the file could not be made. */
const isFileSystemFailure = (error: unknown): boolean => error instanceof Error && 'syscall' in error
