import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { types } from 'pg'
import { sql } from 'kysely'
import { conversationRepositorySuite } from '../../../domain/ports/conversation-repository.suite.js'
import { jobLeasesSuite } from '../../../domain/ports/job-leases.suite.js'
import { ledgerSuite } from '../../../domain/ports/ledger.suite.js'
import { personalDataSuite } from '../../../domain/ports/personal-data.suite.js'
import { retentionSuite } from '../../../domain/ports/retention.suite.js'
import { runRepositorySuite } from '../../../domain/ports/run-repository.suite.js'
import { killSwitchStoreSuite } from '../../../domain/ports/kill-switch-store.suite.js'
import { summariesSuite } from '../../../domain/ports/summaries.suite.js'
import { tenantStoreSuite } from '../../../domain/ports/tenant-store.suite.js'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import { INSTALLATION, type SqlDatabase } from '../sql-database.js'
import { sqlDatabaseSuite } from '../testing/sql-database.suite.js'
import { sqlStore, killSwitchStore, tenantStore } from '../testing/sql-store.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../testing/temporary-postgres.js'
import { openPostgres } from './open-postgres.js'

test('reports a server that cannot be reached', async () => {
  // Port 1 of the loopback: nothing listens there.
  const failure: unknown = await openPostgres({ url: 'postgres://me:secret@127.0.0.1:1/chat' }).catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({
    code: 'store-unavailable',
    retryAfter: 1,
    cause: { name: 'SqlError', code: 'ECONNREFUSED' },
  })
  expect(failure instanceof Error ? failure.stack : '').not.toContain('secret')
})

describe.skipIf(!TEST_DATABASE_URL)('PostgreSQL (needs TEST_DATABASE_URL)', () => {
  let shared: TemporaryDatabase
  beforeAll(async () => {
    shared = await createTemporaryDatabase()
  })
  afterAll(() => shared.drop())

  const openShared = async () => sqlStore(await openPostgres({ url: shared.url }))
  conversationRepositorySuite('PostgreSQL', openShared)
  runRepositorySuite('PostgreSQL', openShared)
  ledgerSuite('PostgreSQL', openShared)
  tenantStoreSuite('PostgreSQL', async () => {
    const place = await createTemporaryDatabase()
    const store = tenantStore(await openPostgres({ url: place.url, poolSize: 4 }))
    return { ...store, close: () => store.close().then(() => place.drop()) }
  })
  personalDataSuite('PostgreSQL', openShared)
  retentionSuite('PostgreSQL', openShared)
  jobLeasesSuite('PostgreSQL', openShared)
  killSwitchStoreSuite('PostgreSQL', async () => {
    const place = await createTemporaryDatabase()
    const store = killSwitchStore(await openPostgres({ url: place.url, poolSize: 4 }))
    return { ...store, close: () => store.close().then(() => place.drop()) }
  })
  summariesSuite('PostgreSQL', openShared)
  sqlDatabaseSuite('PostgreSQL', async () => {
    const place = await createTemporaryDatabase()
    return { open: () => openPostgres({ url: place.url, poolSize: 4 }), remove: () => place.drop() }
  })

  describe('openPostgres', () => {
    const opened: SqlDatabase[] = []
    const open = async (query: Record<string, string> = {}): Promise<SqlDatabase> => {
      const url = new URL(shared.url)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      const database = await openPostgres({ url: url.href, poolSize: 3 })
      opened.push(database)
      return database
    }
    const find = (database: SqlDatabase) =>
      sqlStore(database).conversations.find(stored.newOwner(), 'c_unknown')
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((database) => database.close()))
    })

    test('reads bigint as a number, and leaves the parser of everybody else alone', async () => {
      const { kysely } = await open()
      const { rows } = await sql`select 1700000000000::bigint as at`.execute(kysely)
      expect(rows).toEqual([{ at: 1_700_000_000_000 }])
      expect(types.getTypeParser(types.builtins.INT8)('1700000000000')).toBe('1700000000000')
    })

    test('a lease that is renewed has room beside the old one, and touches no index', async () => {
      const place = await createTemporaryDatabase()
      const database = await openPostgres({ url: place.url })
      const store = sqlStore(database)
      const conversation = stored.newConversation(stored.newOwner())
      await store.conversations.create(conversation, stored.created(conversation))
      const runs = Array.from({ length: 200 }, () => stored.newRun(conversation))
      for (const run of runs) await store.runs.admit(stored.question(run, 'hello'))
      const size = async (): Promise<number> => {
        const { rows } = await sql<{ bytes: number }>`
          select pg_relation_size('runs') + pg_indexes_size('runs') as bytes`.execute(database.kysely)
        return rows[0]?.bytes ?? Number.NaN
      }
      const before = await size()
      // Once: from then on it depends on who else reads in this server, also elsewhere, when the room of the old ones is free again.
      await store.runs.renew(runs.map(stored.refOf))
      expect(await size()).toBe(before)
      await database.close()
      await place.drop()
    })

    test('outlives the loss of all its connections', async () => {
      const database = await open()
      const other = await open()
      await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.01)`.execute(database.kysely)))
      await killAllBut(other)
      // The first call may still be given a connection whose death has not arrived here yet.
      await find(database).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'store-unavailable' }),
      )
      await expect.poll(() => find(database)).toBeNull()
    })

    test('a connection lost in the middle of a transaction is reported, and nothing of it stays', async () => {
      const database = await open()
      const other = await open()
      const name = stored.newId('key')
      const transaction = database.transaction(INSTALLATION, async (trx) => {
        await trx.insertInto('signing_keys').values({ name, secret: '', created_at: 0 }).execute()
        await killAllBut(other)
        await trx.selectFrom('signing_keys').selectAll().execute()
      })
      await expect(transaction).rejects.toMatchObject({ code: 'store-unavailable', retryAfter: 1 })
      expect(
        await other.kysely.selectFrom('signing_keys').selectAll().where('name', '=', name).execute(),
      ).toEqual([])
    })

    test('whoever stands in line behind others is served when they are done, however long that takes', async () => {
      const narrow = await openPostgres({ url: shared.url, poolSize: 1 })
      const wait = (seconds: number) =>
        narrow.use(INSTALLATION, (db) => sql`select pg_sleep(${seconds})`.execute(db))
      // Longer than a connection may take to be made.
      await Promise.all([wait(5.5), wait(0)])
      await narrow.close()
    })

    test('gives up on a statement that takes too long', async () => {
      const database = await open({ statement_timeout: '100' })
      const other = await open()
      const conversation = stored.newConversation(stored.newOwner())
      const store = sqlStore(database)
      await store.conversations.create(conversation, stored.created(conversation))
      await other.kysely.transaction().execute(async (trx) => {
        await trx
          .updateTable('conversations')
          .set({ title: 'held' })
          .where('id', '=', conversation.id)
          .execute()
        const run = stored.newRun(conversation)
        await expect(store.runs.admit(stored.question(run, 'hello'))).rejects.toMatchObject({
          code: 'store-unavailable',
          retryAfter: 1,
          cause: { code: '57014' },
        })
      })
      const run = stored.newRun(conversation)
      expect(await store.runs.admit(stored.question(run, 'hello'))).toMatchObject({ outcome: 'admitted' })
    })

    test('reports a login that is refused and a database that is not there', async () => {
      const url = new URL(shared.url)
      url.pathname = '/colloquy_test_absent'
      await expect(openPostgres({ url: url.href })).rejects.toMatchObject({
        code: 'store-unavailable',
        cause: { code: '3D000' },
      })
    })
  })

  const killAllBut = async ({ kysely }: SqlDatabase): Promise<void> => {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(kysely)
  }
})
