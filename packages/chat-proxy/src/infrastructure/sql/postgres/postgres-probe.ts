import { Client, DatabaseError } from 'pg'
import { hangUp } from './postgres-pool.js'

const TOO_MANY_CONNECTIONS = '53300'

/** Whether the server refused a connection because it has as many as it may: it is busy, and alive. */
export const isServerFull = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === TOO_MANY_CONNECTIONS

/** Asks the server over a connection of its own, so that nothing stands in line before it. Rejects when it cannot serve. */
export async function probePostgres(url: string, timeout: number): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
  })
  // What breaks is told by the call that needed it.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
  } catch (error) {
    if (!isServerFull(error)) throw error
  } finally {
    hangUp(client)
  }
}
