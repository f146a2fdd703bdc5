import { Client, Pool, TypeOverrides, types, type ClientConfig, type PoolConfig } from 'pg'

const CONNECT_TIMEOUT_MS = 5_000
/** Whoever waits for those ahead waits for a server that answers: one that does not is found out far sooner. */
const LINE_TIMEOUT_MS = 30_000

/** The pool knows one patience, for its line and for its connections. */
class PooledClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  }
}

/**
 * A pool in which `bigint` comes back as a number (times, counts and positions stay far below 2^53). The parser belongs
 * to this pool: an application that mounts the proxy keeps its own.
 */
export function createPool(config: PoolConfig): Pool {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(types.builtins.INT8, Number)
  const pool = new Pool({
    Client: PooledClient,
    connectionTimeoutMillis: LINE_TIMEOUT_MS,
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

/**
 * @param heard called whenever the server says something over one of them
 * @returns what tears down every connection of the pool, so that all that is under way fails at once
 */
export function connectionsOf(pool: Pool, heard: () => void): () => void {
  const clients = new Set<Client>()
  pool.on('connect', (client) => {
    if (!(client instanceof Client)) return
    clients.add(client)
    client.connection.stream.on('data', heard)
  })
  pool.on('remove', (client) => {
    if (client instanceof Client) clients.delete(client)
  })
  return () => {
    for (const client of clients) hangUp(client)
    clients.clear()
  }
}

/** All that is under way over it fails at once. Not `end`, which would wait for a server that hangs. */
export const hangUp = ({ connection }: Client): void => void connection.stream.destroy()

const ignore = (): void => {}
