import { DatabaseError } from 'pg'

/** SQLSTATE classes after which the same statement may succeed later, or on another server. */
const UNAVAILABLE_CLASSES = new Set([
  '08', // connection
  '25', // idle in transaction for too long, server became read-only
  '28', // login refused
  '3D', // no such database
  '40', // rolled back for the sake of another transaction
  '53', // out of connections, memory or disk
  '55', // lock not to be had
  '57', // shutting down, starting up, statement timeout
  '58', // I/O on the server
])

/**
 * Errors with a SQLSTATE are told by it. All others that pg, its pool and the socket raise are plain `Error`s about the
 * connection; an error of a class of its own (`TypeError`, `SyntaxError`) is a fault in our code.
 */
export function isPostgresUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return UNAVAILABLE_CLASSES.has(error.code?.slice(0, 2) ?? '')
  return error instanceof AggregateError || (error instanceof Error && error.name === 'Error')
}
