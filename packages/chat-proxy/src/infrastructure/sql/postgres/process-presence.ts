import { Socket } from 'node:net'
import { sql, type Expression, type RawBuilder } from 'kysely'
import { Client } from 'pg'
import { hangUp } from './postgres-pool.js'
import { isServerFull } from './postgres-probe.js'

/*
 * Every process holds a lock for as long as its connection lasts, and that lasts for as long as the process does: the
 * operating system closes it at once however the process dies, and leaves it open however long the process stands still.
 * The lock is shared, so that a process that comes back need not wait for a connection that the server still believes in.
 */

export interface PresenceOptions {
  readonly url: string
  /** Called once when a pooler gives our statements connections that are not ours: then the server cannot tell whether we live. */
  readonly onPooler?: (() => void) | undefined
}

/** Processes that the server has forgotten, because it was started anew, have so many milliseconds to come back. */
const RETURN_MS = 5_000
const RETRY_MS = 500
/** Long: a connection is better late than lost, and nothing waits for it. */
const ANSWER_TIMEOUT_MS = 5_000
/** Firewalls and address translation forget a connection that is silent for minutes. */
const KEEP_ALIVE_MS = 30_000

const LOOK = `select pg_backend_pid() as pid,
  (extract(epoch from clock_timestamp() - pg_postmaster_start_time()) * 1000)::float8 as age`
/** Before PostgreSQL 14 nobody ends an idle session. */
const STAY = `select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout'`
const TAKE = 'select pg_advisory_lock_shared(hashtextextended($1, 0))'

/** Whether no process `owner` is connected, to any database of the server: a name is used once, so it needs no other. */
export const isAbsent = (owner: Expression<string | null>): RawBuilder<boolean> => sql<boolean>`
  hashtextextended(${owner}, 0) not in (
    select (classid::bigint << 32) | objid::bigint from pg_locks where locktype = 'advisory' and objsubid = 1)`

/** This process's own lock. Lost with its connection, it is taken anew; until then its leases alone speak for it. */
export class ProcessPresence {
  readonly #options: PresenceOptions
  #owner = ''
  #client: Client | null = null
  /** The same while it has the lock, with what was asked over it last. */
  #holder: Holder | null = null
  #wasHeld = false
  /** By `performance.now()`. */
  #knowsFrom = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: PresenceOptions) {
    this.#options = options
  }

  /**
   * False while processes that live may be unknown to the server: it has just been started, or was, as far as this process
   * can tell from the loss of its own connection.
   */
  get knowsAll(): boolean {
    return performance.now() >= this.#knowsFrom
  }

  /** Resolves when others can see that `owner` lives, or the first try has failed; more follow. */
  announce(owner: string): Promise<void> {
    this.#owner = owner
    return this.#connect()
  }

  /**
   * Resolves when the server has answered over it, however late; no login stands before that. One question at a time: who asks
   * meanwhile waits for the same answer. Rejects when there is no connection, or when it breaks.
   */
  ask(): Promise<void> {
    const holder = this.#holder
    if (!holder) return Promise.reject(new Error('There is no connection to ask over.'))
    return (holder.answer ??= askOver(holder))
  }

  /** After the server was silent: a connection that it does not answer is replaced. */
  check(): void {
    const holder = this.#holder
    if (!holder) return
    const late = setTimeout(() => this.#comeBack(holder.client), ANSWER_TIMEOUT_MS).unref()
    this.ask()
      .catch(() => this.#comeBack(holder.client))
      .finally(() => clearTimeout(late))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    if (this.#client) hangUp(this.#client)
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#options.url,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: 'colloquy presence',
    })
    this.#client = client
    const backend = backendOf(client)
    // What breaks is told by the call that needed it, and by `end`.
    client.on('error', () => {})
    client.once('end', () => this.#comeBack(client))
    const late = setTimeout(() => hangUp(client), ANSWER_TIMEOUT_MS).unref()
    try {
      await client.connect()
      const { rows } = await client.query<{ pid: number; age: number }>(LOOK)
      const [{ pid, age } = { pid: -1, age: 0 }] = rows
      // A pooler names itself. A lock would stay with its connection when we are dead.
      if (backend() !== pid) return this.#leave(client)
      await client.query(STAY)
      await client.query(TAKE, [this.#owner])
      this.#held(client, age)
    } catch (error) {
      this.#comeBack(client, isServerFull(error))
    } finally {
      clearTimeout(late)
    }
  }

  #held(client: Client, ageOfServer: number): void {
    this.#giveTime(this.#wasHeld ? RETURN_MS : RETURN_MS - ageOfServer)
    this.#wasHeld = true
    this.#holder = { client, answer: null }
    // Whoever has nothing else to do may end.
    const { stream } = client.connection
    if (stream instanceof Socket) stream.unref()
  }

  #leave(client: Client): void {
    this.#client = null
    hangUp(client)
    this.#options.onPooler?.()
  }

  /** @param isFull the server is there, with no room for this connection, perhaps for ever: that says nothing of the others */
  #comeBack(client: Client, isFull = false): void {
    if (this.#client !== client || this.#isClosed) return
    this.#client = this.#holder = null
    hangUp(client)
    if (this.#wasHeld && !isFull) this.#giveTime(RETURN_MS)
    this.#timer = setTimeout(() => void this.#connect(), RETRY_MS).unref()
  }

  #giveTime(ms: number): void {
    this.#knowsFrom = performance.now() + ms
  }
}

interface Holder {
  readonly client: Client
  /** To the question that is under way. */
  answer: Promise<void> | null
}

async function askOver(holder: Holder): Promise<void> {
  await holder.client.query('select 1')
  holder.answer = null
}

/** @returns what the other end of the connection calls itself, once it is there */
function backendOf(client: Client): () => number | null {
  let name: number | null = null
  client.connection.once('backendKeyData', ({ processID }: { processID: number }) => (name = processID))
  return () => name
}
