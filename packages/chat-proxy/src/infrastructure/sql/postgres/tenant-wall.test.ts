import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import { TABLES, type Tables } from '../schema.js'
import { EVERY_TENANT, INSTALLATION, type SqlDatabase } from '../sql-database.js'
import { sqlStore } from '../testing/sql-store.js'
import {
  createTemporaryDatabase,
  runOnServer,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../testing/temporary-postgres.js'
import { openPostgres } from './open-postgres.js'

const ACME = { tenantId: 'acme', ownerId: 'v_alice' }
const BOLT = { tenantId: 'bolt', ownerId: 'v_alice' }

const tenantTables = Object.entries(TABLES).flatMap(([name, of]) =>
  // The keys of TABLES are those of Tables.
  of === 'tenant' ? [name as keyof Tables] : [],
)

/** A database whose login has just these rights. Whoever runs the tests may make roles. */
async function placeFor(rights: string): Promise<TemporaryDatabase> {
  const place = await createTemporaryDatabase()
  if (rights === 'the one of the tests') return place
  const [login, password] = [
    `colloquy_login_${randomBytes(6).toString('hex')}`,
    randomBytes(12).toString('hex'),
  ]
  const url = new URL(place.url)
  const name = url.pathname.slice(1)
  await runOnServer(`create role ${login} login ${rights} password '${password}'`)
  await runOnServer(`alter database ${name} owner to ${login}`)
  url.username = login
  url.password = password
  return {
    url: url.href,
    async drop() {
      await place.drop()
      await runOnServer(`drop role ${login}`)
    },
  }
}

describe.skipIf(!TEST_DATABASE_URL).each(['nosuperuser nobypassrls', 'the one of the tests'])(
  'the wall of PostgreSQL, for the login: %s (needs TEST_DATABASE_URL)',
  (rights) => {
    let place: TemporaryDatabase
    let database: SqlDatabase
    const onOpenWall = vi.fn()

    beforeAll(async () => {
      place = await placeFor(rights)
      database = await openPostgres({ url: place.url, poolSize: 2, onOpenWall })
      for (const owner of [ACME, BOLT]) await fill(owner)
    })
    afterAll(async () => {
      await database.close()
      await place.drop()
    })

    /** A conversation with a run, an event, a reservation and counters. */
    async function fill(owner: typeof ACME): Promise<void> {
      const { conversations, runs } = sqlStore(database)
      const conversation = stored.newConversation(owner)
      await conversations.create(conversation, stored.created(conversation))
      await runs.admit(stored.question(stored.newRun(conversation), 'hello'))
    }

    /** By a query that forgets to say whose rows it wants. */
    const seen = (scope: Parameters<SqlDatabase['use']>[0], table: keyof Tables) =>
      database.use(scope, async (db) => {
        const { rows } = await sql<{ tenant_id: string }>`
          select distinct tenant_id from ${sql.table(table)} order by tenant_id`.execute(db)
        return rows.map(({ tenant_id }) => tenant_id)
      })

    test('stands around every table with rows of tenants', async () => {
      const { rows } = await sql<{ name: string }>`
        select c.relname as name from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        join pg_policies p on p.tablename = c.relname and p.policyname = 'tenant_wall'
        where c.relkind = 'r' and c.relrowsecurity and c.relforcerowsecurity`.execute(database.kysely)
      expect(rows.map(({ name }) => name).toSorted()).toEqual(tenantTables.toSorted())
      expect(onOpenWall).not.toHaveBeenCalled()
    })

    test('a query that forgets its WHERE finds rows of its own tenant alone', async () => {
      for (const table of tenantTables) {
        const all = await seen(EVERY_TENANT, table)
        for (const tenant of ['acme', 'bolt']) {
          const others = (await seen(tenant, table)).filter((id) => id !== tenant)
          expect([table, others]).toEqual([
            table,
            table === 'ledger_counters' ? all.filter((id) => id === '') : [],
          ])
        }
      }
      for (const table of ['conversations', 'messages', 'runs', 'events', 'ledger_counters'] as const)
        expect([table, await seen('acme', table)]).toEqual([table, ['acme']])
    })

    test('what is done for everybody sees everybody', async () => {
      expect(await seen(EVERY_TENANT, 'conversations')).toEqual(['acme', 'bolt'])
    })

    test('an update or a delete that forgets its WHERE leaves others alone', async () => {
      await database.transaction('acme', async (trx) => {
        const updated = await trx
          .updateTable('conversations')
          .set({ title: 'mine' })
          .executeTakeFirstOrThrow()
        expect(updated.numUpdatedRows).toBe(1n)
        const deleted = await trx.deleteFrom('ledger_reservations').executeTakeFirstOrThrow()
        expect(deleted.numDeletedRows).toBe(1n)
      })
      expect(await seen(EVERY_TENANT, 'ledger_reservations')).toEqual(['bolt'])
      const titles = await database.use('bolt', (db) =>
        db.selectFrom('conversations').select('title').execute(),
      )
      expect(titles).not.toEqual([{ title: 'mine' }])
    })

    test('nothing can be written for another tenant', async () => {
      const conversation = stored.newConversation(BOLT)
      const forBolt = database.transaction('acme', (trx) =>
        trx.insertInto('event_counters').values({ tenant_id: 'cello', last_seq: 1 }).execute(),
      )
      await expect(forBolt).rejects.toMatchObject({ name: 'SqlError', code: '42501' })
      const moved = database.transaction('acme', (trx) =>
        trx.updateTable('conversations').set({ tenant_id: 'bolt', id: conversation.id }).execute(),
      )
      await expect(moved).rejects.toMatchObject({ name: 'SqlError', code: '42501' })
    })

    test('a piece of work about nobody finds nobody, and what one has said is forgotten with its end', async () => {
      expect(await seen(INSTALLATION, 'conversations')).toEqual([])
      // On every connection of the pool, after others have said whose rows they are about.
      await Promise.all([seen('acme', 'runs'), seen(EVERY_TENANT, 'runs')])
      const left = await Promise.all(
        [1, 2].map(() =>
          sql`select current_setting('colloquy.tenant', true) as tenant,
            current_setting('colloquy.every_tenant', true) as every_tenant, current_user = session_user as is_login`.execute(
            database.kysely,
          ),
        ),
      )
      for (const { rows } of left) {
        const [row] = rows
        expect(row).toMatchObject({ is_login: true })
        expect(Object.values(row ?? {}).filter((value) => value === 'acme' || value === 'on')).toEqual([])
      }
    })

    test('opening again changes nothing', async () => {
      const again = await openPostgres({ url: place.url, poolSize: 1 })
      expect(await sqlStore(again).conversations.list(ACME, 1, 10)).toMatchObject({ total: 1 })
      await again.close()
    })
  },
)

describe.skipIf(!TEST_DATABASE_URL)('a login that sees through the wall and may make no role', () => {
  let place: TemporaryDatabase
  afterEach(() => place.drop())

  test('is served, and told of', async () => {
    place = await placeFor('nosuperuser nocreaterole bypassrls')
    const onOpenWall = vi.fn()
    // The role may be there already: without it nobody could be let into it.
    const database = await openPostgres({ url: place.url, onOpenWall })
    expect(onOpenWall).toHaveBeenCalledTimes(1)
    const { conversations } = sqlStore(database)
    const conversation = stored.newConversation(ACME)
    await conversations.create(conversation, stored.created(conversation))
    expect(await conversations.find(ACME, conversation.id)).toEqual(conversation)
    await database.close()
  })
})
