import { Pool, TypeOverrides, types, type PoolConfig } from 'pg'

const CONNECT_TIMEOUT_MS = 5_000

/**
 * A pool in which `bigint` comes back as a number (times, counts and positions stay far below 2^53). The parser belongs
 * to this pool: an application that mounts the proxy keeps its own.
 */
export function createPool(config: PoolConfig): Pool {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(types.builtins.INT8, Number)
  const pool = new Pool({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'colloquy',
    types: overrides,
    ...config,
  })
  // A connection that dies while nobody waits for it raises `error` here or on itself. The pool replaces it; without
  // a listener it would end the process. Whoever uses the connection gets the failure from his own call.
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

const ignore = (): void => {}
