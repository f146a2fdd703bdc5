import { DomainError } from '../../domain/errors.js'

/**
 * A statement that failed, told by its code alone: messages of database drivers quote statements and values, so neither
 * the message nor the original error is kept.
 */
export class SqlError extends Error {
  override readonly name = 'SqlError'
  /** SQLSTATE (`23505`), SQLite's extended result code (`SQLITE_2067`), or the socket's (`ECONNREFUSED`). */
  readonly code: string

  constructor(code: string) {
    super(`The database refused a statement or could not be used (${code})`)
    this.code = code
  }
}

/**
 * What leaves the adapter instead of `error`: a `DomainError` as it is, a store that cannot be used as
 * `store-unavailable`, anything else (a fault of ours) as `SqlError`.
 */
export function toStoreError(error: unknown, isUnavailable: (error: unknown) => boolean): Error {
  if (error instanceof DomainError) return error
  const cause = new SqlError(codeOf(error))
  if (!isUnavailable(error)) return cause
  const detail = 'The database cannot be used at the moment. Nothing was changed twice; try again shortly.'
  return new DomainError('store-unavailable', detail, { retryAfter: 1, cause })
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('errcode' in error && typeof error.errcode === 'number') return `SQLITE_${error.errcode}`
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}
