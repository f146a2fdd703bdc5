import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import { PriceList } from '../../../domain/prices.js'
import type { Run } from '../../../domain/run.js'
import { SqlConversationRepository } from '../sql-conversation-repository.js'
import { EVERY_TENANT, type SqlDatabase } from '../sql-database.js'
import { SqlRunRepository } from '../sql-run-repository.js'
import { HAS_OWN_POSTGRES, OwnPostgres } from '../testing/own-postgres.js'
import {
  createTemporaryDatabase,
  runOnServer,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../testing/temporary-postgres.js'
import { openPostgres, type PostgresOptions } from './open-postgres.js'

/** Renews nothing, so that its leases run out at once. */
interface StillProcess {
  readonly database: SqlDatabase
  readonly runs: SqlRunRepository
  admit(): Promise<Run>
}

const opened: SqlDatabase[] = []
/** Time goes on when a test says so. */
let frozenAt = 0
let later = 0
beforeEach(() => {
  frozenAt = performance.now()
  afterward(0)
})
afterEach(async () => {
  vi.restoreAllMocks()
  later = 0
  await Promise.all(opened.splice(0).map((database) => database.close()))
})

async function start(options: PostgresOptions): Promise<StillProcess> {
  const database = await openPostgres({ poolSize: 2, ...options })
  opened.push(database)
  const owner = randomUUID()
  await database.announce(owner)
  const runs = new SqlRunRepository(database, { owner, leaseMs: 0, prices: new PriceList(new Map()) })
  const admit = async (): Promise<Run> => {
    const conversation = stored.newConversation(stored.newOwner())
    await new SqlConversationRepository(database).create(conversation, stored.created(conversation))
    const run = stored.newRun(conversation)
    await runs.admit(stored.question(run, 'hello'))
    return run
  }
  return { database, runs, admit }
}

const takes = async ({ runs }: StillProcess, run: Run): Promise<boolean> =>
  (await runs.findOrphans()).some(({ id }) => id === run.id)

/** Those that have their lock: a connection alone says nothing yet. */
const PRESENCES = sql<{ pid: number }>`select pid from pg_stat_activity
  where datname = current_database() and application_name = 'colloquy presence'
    and pid in (select pid from pg_locks where locktype = 'advisory' and granted)`
const presencesIn = async ({ kysely }: SqlDatabase): Promise<readonly number[]> =>
  (await PRESENCES.execute(kysely)).rows.map(({ pid }) => pid)

describe.skipIf(!TEST_DATABASE_URL)('a process on PostgreSQL (needs TEST_DATABASE_URL)', () => {
  let place: TemporaryDatabase
  beforeAll(async () => {
    place = await createTemporaryDatabase()
  })
  afterAll(() => place.drop())

  test('keeps its answers while it is there, however late it is, and loses them when it is gone', async () => {
    const [slow, other] = [await start(place), await start(place)]
    const run = await slow.admit()
    expect(await takes(other, run)).toBe(false)
    // What it has given up itself it need not wait for.
    expect(await takes(slow, run)).toBe(true)
    await slow.database.close()
    await expect.poll(() => takes(other, run)).toBe(true)
  })

  test('loses them although it is there when it was not heard of for long', async () => {
    const [hanging, other] = [await start(place), await start(place)]
    const run = await hanging.admit()
    const age = (ms: number) =>
      other.database.transaction(EVERY_TENANT, (trx) =>
        trx
          .updateTable('runs')
          .set({ lease_until: sql<number>`${other.database.now()} - ${sql.lit(ms)}` })
          .where('id', '=', run.id)
          .execute(),
      )
    await age(5_000)
    expect(await takes(other, run)).toBe(false)
    await age(10_000)
    expect(await takes(other, run)).toBe(true)
  })

  test('whose connection breaks comes back, and judges nobody before others can have done so', async () => {
    const [slow, other] = [await start(place), await start(place)]
    const run = await slow.admit()
    const before = await presencesIn(other.database)
    expect(before).toHaveLength(2)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid = any(${before})`.execute(
      other.database.kysely,
    )
    await expect.poll(() => other.database.knowsProcesses).toBe(false)
    expect(await takes(other, run)).toBe(false)
    await expect.poll(async () => (await presencesIn(other.database)).length).toBe(2)
    expect(await presencesIn(other.database)).not.toEqual(expect.arrayContaining([...before]))
    expect(other.database.knowsProcesses).toBe(false)
    afterward(5_000)
    expect(other.database.knowsProcesses).toBe(true)
    expect(await takes(other, run)).toBe(false)
  })

  test('is there also where the server ends idle sessions', async () => {
    const strict = await createTemporaryDatabase()
    await runOnServer(
      `alter database ${new URL(strict.url).pathname.slice(1)} set idle_session_timeout = 200`,
    )
    const { database } = await start(strict)
    const before = await presencesIn(database)
    expect(before).toHaveLength(1)
    const idle = new Client({ connectionString: strict.url })
    await idle.connect()
    await new Promise((resolve) => idle.on('error', resolve))
    expect(await presencesIn(database)).toEqual(before)
    await database.close()
    await strict.drop()
  })

  test('behind a pooler is judged by its leases alone, and says so once', async () => {
    const pooler = await Between.open(place.url, renamed)
    const onPooler = vi.fn()
    const pooled = await start({ url: pooler.url, onPooler })
    const other = await start(place)
    const run = await pooled.admit()
    expect(onPooler).toHaveBeenCalledOnce()
    expect(await takes(other, run)).toBe(true)
    // The pooler is no reason not to see others.
    const direct = await other.admit()
    expect(pooled.database.knowsProcesses).toBe(true)
    expect(await takes(pooled, direct)).toBe(false)
    await pooled.database.close()
    await pooler.close()
  })

  test('takes a server for away that lets nobody in only when it says nothing over this connection either', async () => {
    const between = await Between.open(place.url, (bytes) => bytes)
    const changes: boolean[] = []
    const { database } = await start({
      url: between.url,
      onChange: (answers) => void changes.push(answers),
    })
    const wait = (seconds: number) =>
      database.use(EVERY_TENANT, (db) => sql`select pg_sleep(${seconds})`.execute(db))
    await wait(0)
    between.isBusy = true
    // Longer than the patience with the statement and that with the probe.
    await wait(2)
    expect(changes).toEqual([])
    between.isSilent = true
    await expect(wait(0)).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(changes).toEqual([false])
    between.isBusy = between.isSilent = false
    await expect.poll(() => changes).toEqual([false, true])
    await database.close()
    await between.close()
  })

  test('which cannot come back because the server is full judges others all the same', async () => {
    const between = await Between.open(place.url, (bytes) => bytes)
    const gone = await start(place)
    const known = await presencesIn(gone.database)
    const other = await start({ url: between.url })
    const run = await gone.admit()
    expect(await takes(other, run)).toBe(false)
    between.isFull = true
    const own = (await presencesIn(gone.database)).filter((pid) => !known.includes(pid))
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid = any(${own})`.execute(
      gone.database.kysely,
    )
    await expect.poll(() => other.database.knowsProcesses).toBe(false)
    await gone.database.close()
    afterward(5_000)
    const before = between.refused
    await expect.poll(() => between.refused).toBeGreaterThan(before + 1)
    expect(await takes(other, run)).toBe(true)
    await other.database.close()
    await between.close()
  })
})

describe.skipIf(!HAS_OWN_POSTGRES)('a PostgreSQL that is started anew (needs its programs)', () => {
  test('has forgotten who is there: nobody is judged before all had time to come back', async () => {
    const server = await OwnPostgres.start()
    await startedOneSecondAgo(server)
    const [gone, slow, other] = [await start(server), await start(server), await start(server)]
    // It may just have been started under the feet of others.
    expect(other.database.knowsProcesses).toBe(false)
    afterward(5_000)
    expect(other.database.knowsProcesses).toBe(true)
    const [lost, kept] = [await gone.admit(), await slow.admit()]
    expect([await takes(other, lost), await takes(other, kept)]).toEqual([false, false])
    await server.kill()
    await gone.database.close()
    await server.start()
    await expect
      .poll(
        () =>
          presencesIn(other.database).then(
            (pids) => pids.length,
            () => 0,
          ),
        { timeout: 5_000 },
      )
      .toBe(2)
    expect([await takes(other, lost), await takes(other, kept)]).toEqual([false, false])
    afterward(5_000)
    await expect.poll(() => takes(other, lost)).toBe(true)
    expect(await takes(other, kept)).toBe(false)
    await Promise.all([slow, other].map(({ database }) => database.close()))
    await server.remove()
  })
})

/** As if so many milliseconds were over, and none but these. */
function afterward(ms: number): void {
  later += ms
  vi.spyOn(performance, 'now').mockImplementation(() => frozenAt + later)
}

/** Whatever asks the server for its age is told so, however long a busy machine took. */
async function startedOneSecondAgo({ url }: OwnPostgres): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  // Before that of the system, which comes first wherever it is not named.
  await client.query(`alter database ${new URL(url).pathname.slice(1)} set search_path = public, pg_catalog`)
  await client.query(`create function public.pg_postmaster_start_time() returns timestamptz
    language sql as $$select clock_timestamp() - interval '1 second'$$`)
  await client.end()
}

/** Hands everything on, what the server says as `told`. */
class Between {
  /** As the server would be: whoever comes is refused. */
  isFull = false
  refused = 0
  /** As the server would be: whoever comes waits. */
  isBusy = false
  /** As the server would be: what it is asked is lost. */
  isSilent = false
  readonly #server
  readonly #sockets = new Set<Socket>()

  static async open(url: string, told: (bytes: Buffer) => Buffer): Promise<Between> {
    const between = new Between(url, told)
    await once(between.#server.listen(0, '127.0.0.1'), 'listening')
    return between
  }

  private constructor(
    readonly target: string,
    told: (bytes: Buffer) => Buffer,
  ) {
    const { hostname, port } = new URL(target)
    this.#server = createServer((client) => {
      if (this.isFull) return this.#refuse(client)
      if (this.isBusy) return void this.#sockets.add(client.on('error', () => {}))
      const server = connect(Number(port || 5432), hostname)
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
      }
      client
        .on('data', (bytes) => void (this.isSilent || server.write(bytes)))
        .on('close', () => server.destroy())
      server.on('data', (bytes) => client.write(told(bytes))).on('close', () => client.destroy())
    })
  }

  #refuse(client: Socket): void {
    this.refused += 1
    client.on('error', () => {}).once('data', () => client.end(TOO_MANY_CONNECTIONS))
  }

  get url(): string {
    const url = new URL(this.target)
    // A listening TCP server has an address of this form.
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return url.href
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server.close(), 'close')
  }
}

/** An ErrorResponse: severity, code, message. */
const FIELDS = 'SFATAL\0C53300\0Msorry, too many clients already\0\0'
const TOO_MANY_CONNECTIONS = Buffer.from(`E\0\0\0${String.fromCharCode(FIELDS.length + 4)}${FIELDS}`)

/** The head of BackendKeyData; the name, four bytes, follows. */
const BACKEND_KEY = Buffer.from([0x4b, 0, 0, 0, 12])

/** A name of its own instead of that of the session a client is given, as poolers tell it. */
function renamed(bytes: Buffer): Buffer {
  const at = bytes.indexOf(BACKEND_KEY)
  if (at !== -1) bytes.writeInt32BE(123_456_789, at + BACKEND_KEY.length)
  return bytes
}
