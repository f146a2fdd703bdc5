import { sql, type Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DomainEvent } from '../../../domain/domain-event.js'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import { MIGRATIONS } from '../migrations/index.js'
import { loadOrCreateSigningKey } from '../signing-keys.js'
import type { Tables } from '../schema.js'
import type { SqlDatabase } from '../sql-database.js'
import { sqlDependency } from '../sql-dependency.js'
import { SqlTenantStore } from '../sql-tenant-store.js'
import { SqlError } from '../sql-error.js'
import { sqlStore } from './sql-store.js'

/** Tables without anything of a tenant: what the schema is, and what all tenants' tokens are signed with. */
const OF_THE_INSTALLATION = new Set(['migrations', 'signing_keys'])

/** One place that can be opened any number of times, as by several processes. */
export interface Place {
  open(): Promise<SqlDatabase>
  remove(): Promise<void>
}

/** What holds for a database beyond the ports: opening, sharing, failing. `newPlace` makes an empty one. */
export function sqlDatabaseSuite(name: string, newPlace: () => Promise<Place>): void {
  describe(`database: ${name}`, () => {
    let place: Place
    let opened: SqlDatabase[]

    beforeEach(async () => {
      place = await newPlace()
      opened = []
    })
    afterEach(async () => {
      await Promise.all(opened.map((database) => database.close()))
      await place.remove()
    })

    const open = async (): Promise<SqlDatabase> => {
      const database = await place.open()
      opened.push(database)
      return database
    }
    const newConversation = async (database: SqlDatabase) => {
      const conversation = stored.newConversation(stored.newOwner())
      await sqlStore(database).conversations.create(conversation, stored.created(conversation))
      return conversation
    }

    test('several may open an empty place at once; each migration is applied once', async () => {
      const databases = await Promise.all(Array.from({ length: 5 }, () => open()))
      for (const { kysely } of databases) {
        const applied = await kysely.selectFrom('migrations').select(['id', 'name']).orderBy('id').execute()
        expect(applied).toEqual(MIGRATIONS.map(({ id, name }) => ({ id, name })))
      }
    })

    test('every row of every table carries its tenant', async () => {
      const { kysely } = await open()
      const tables = (await kysely.introspection.getTables()).filter(
        ({ name }) => !OF_THE_INSTALLATION.has(name),
      )
      expect(tables.length).toBeGreaterThan(10)
      for (const { name, columns } of tables) {
        const tenant = columns.find((column) => column.name === 'tenant_id')
        expect({ name, isRequired: tenant?.isNullable === false }).toEqual({ name, isRequired: true })
      }
    })

    test('steps of a lower number that came later are made up for', async () => {
      const first = await open()
      for (const table of ['tenants', 'kill_switches', 'control_revisions'])
        await first.kysely.schema.dropTable(table).execute()
      await first.kysely.deleteFrom('migrations').where('id', '=', 3).execute()
      expect(await new SqlTenantStore(await open()).list()).toEqual([])
    })

    test('what is recorded of calls that are over stands in line with what is recorded of changes', async () => {
      const database = await open()
      const conversation = await newConversation(database)
      const event: DomainEvent = { ...stored.updated(conversation), type: 'completion.ended' }
      const { ledger } = sqlStore(database)
      const none = { attempts: [], usage: null, content: '' }
      const over = Array.from({ length: 5 }, (_, index) => ({
        tenantId: event.tenantId,
        id: `call_${index}`,
      }))
      await Promise.all(over.map((call) => ledger.settle(call, none, event)))
      const events = await sqlStore(await open()).events(conversation.tenantId)
      expect(events).toEqual([stored.created(conversation), ...Array.from({ length: 5 }, () => event)])
    })

    test('opens a place that a newer build has migrated further', async () => {
      const first = await open()
      const newer = { id: 9_999, name: 'from the future', applied_at: 0 }
      await first.kysely.insertInto('migrations').values(newer).execute()
      const conversation = await newConversation(await open())
      expect(await sqlStore(first).conversations.find(conversation, conversation.id)).toEqual(conversation)
    })

    test('runs from before there were leases are orphans, those that have ended are not', async () => {
      const database = await open()
      const conversation = await newConversation(database)
      const [unended, over] = [stored.newRun(conversation), stored.newRun(conversation)]
      const store = sqlStore(database)
      for (const run of [unended, over]) await store.runs.admit(stored.question(run, 'hello'))
      const how = stored.completed('answer')
      await store.runs.end(stored.refOf(over), how, stored.ended(over, how))
      // As the build before left them.
      await database.kysely.schema.dropIndex('runs_leased').execute()
      for (const column of ['attempts', 'lease_owner', 'lease_until'])
        await database.kysely.schema.alterTable('runs').dropColumn(column).execute()
      await database.kysely.deleteFrom('migrations').where('id', '=', 2).execute()
      const upgraded = sqlStore(await open())
      expect(await upgraded.runs.findOrphans()).toEqual([unended])
      expect(await upgraded.runs.find(conversation, over.id)).toMatchObject({
        status: 'completed',
        attempts: [],
      })
    })

    test('data is there after closing and opening again', async () => {
      const first = await open()
      const conversation = await newConversation(first)
      const run = stored.newRun(conversation)
      const admission = stored.question(run, 'hello')
      await sqlStore(first).runs.admit(admission)
      await first.close()
      const store = sqlStore(await open())
      expect(await store.runs.find(conversation, run.id)).toEqual(run)
      expect(await store.conversations.messages(conversation, conversation.id, { limit: 9 })).toEqual({
        messages: [admission.userMessage, admission.message],
        hasMore: false,
      })
      expect(await store.events(conversation.tenantId)).toEqual([
        stored.created(conversation),
        admission.event,
      ])
    })

    test('of 50 parallel admits of one run id through two openers exactly one is admitted', async () => {
      const stores = [sqlStore(await open()), sqlStore(await open())] as const
      const conversation = await newConversation(opened[0] ?? (await open()))
      const run = stored.newRun(conversation)
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          stores[i % 2 === 0 ? 0 : 1].runs.admit(stored.question(run, `${i}`)),
        ),
      )
      expect(results.filter(({ outcome }) => outcome === 'admitted')).toHaveLength(1)
      expect(await stores[0].events(conversation.tenantId)).toHaveLength(2)
    })

    test('numbers the events of a tenant without gaps, whoever writes them', async () => {
      const stores = [sqlStore(await open()), sqlStore(await open())] as const
      const owner = stored.newOwner()
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => {
          const conversation = stored.newConversation(owner)
          return stores[i % 2 === 0 ? 0 : 1].conversations.create(conversation, stored.created(conversation))
        }),
      )
      const rows = await (
        await open()
      ).kysely
        .selectFrom('events')
        .select('seq')
        .where('tenant_id', '=', owner.tenantId)
        .orderBy('seq')
        .execute()
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    })

    test('nobody’s statement falls into somebody else’s transaction', async () => {
      const { kysely } = await open()
      const insert = (db: Kysely<Tables>, name: string) =>
        db.insertInto('signing_keys').values({ name, secret: '', created_at: 0 }).execute()
      const inside = signal()
      const mayRollBack = signal()
      const transaction = kysely.transaction().execute(async (trx) => {
        await insert(trx, 'rolled back')
        inside.send()
        await mayRollBack.received
        throw new Error('changed my mind')
      })
      await inside.received
      const outside = insert(kysely, 'kept')
      mayRollBack.send()
      await expect(transaction).rejects.toThrow('changed my mind')
      await outside
      expect(await kysely.selectFrom('signing_keys').select('name').execute()).toEqual([{ name: 'kept' }])
    })

    test('a change whose event cannot be written is not made', async () => {
      const database = await open()
      const store = sqlStore(database)
      const conversation = await newConversation(database)
      const run = stored.newRun(conversation)
      await store.runs.admit(stored.question(run, 'hello'))
      const before = await store.conversations.find(conversation, conversation.id)
      await database.kysely.schema.alterTable('events').renameTo('events_elsewhere').execute()

      const how = stored.completed('answer')
      const other = stored.newConversation(conversation)
      const late = stored.newRun(conversation)
      const attempts = [
        store.conversations.create(other, stored.created(other)),
        store.conversations.softDelete(conversation, conversation.id, stored.deleted(conversation)),
        store.runs.admit(stored.question(late, 'again')),
        store.runs.end(stored.refOf(run), how, stored.ended(run, how)),
      ]
      for (const result of await Promise.allSettled(attempts)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { name: 'SqlError' } })
      }
      expect(await store.conversations.find(conversation, conversation.id)).toEqual(before)
      expect(await store.conversations.find(conversation, other.id)).toBeNull()
      expect(await store.runs.find(conversation, late.id)).toBeNull()
      expect(await store.runs.find(conversation, run.id)).toEqual(run)
      expect(await store.conversations.findMessage(conversation, run.messageId)).toMatchObject({
        content: '',
      })
    })

    test('an error tells a code and neither statement nor values', async () => {
      const database = await open()
      const conversation = await newConversation(database)
      await database.kysely.schema.dropTable('events').execute()
      const secret = stored.newConversation(conversation, { title: 'my secret' })
      const failure: unknown = await sqlStore(database)
        .conversations.create(secret, stored.created(secret))
        .catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(SqlError)
      const told = `${String(failure)} ${failure instanceof Error ? failure.stack : ''} ${JSON.stringify(failure)}`
      expect(told).not.toMatch(/my secret|insert into|no such table|relation/i)
    })

    test('a signing key is made once, also by many at once, and stays', async () => {
      const databases = [await open(), await open()] as const
      const keys = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          loadOrCreateSigningKey(databases[i % 2 === 0 ? 0 : 1], 'visitor-tokens', stored.NOON),
        ),
      )
      const [first] = keys
      expect(first).toHaveLength(32)
      expect(keys.every((key) => Buffer.from(key).equals(Buffer.from(first ?? [])))).toBe(true)
      expect(await loadOrCreateSigningKey(await open(), 'visitor-tokens', stored.NOON)).toEqual(first)
      expect(await loadOrCreateSigningKey(databases[0], 'other', stored.NOON)).not.toEqual(first)
    })

    test('is ready while it is open, and unavailable after closing', async () => {
      const database = await open()
      const dependency = sqlDependency(database)
      expect(dependency.name).toBe('database')
      await dependency.check()
      await database.close()
      const unavailable = { code: 'store-unavailable', retryAfter: 1 }
      await expect(dependency.check()).rejects.toMatchObject(unavailable)
      const store = sqlStore(database)
      const conversation = stored.newConversation(stored.newOwner())
      await expect(store.conversations.find(conversation, conversation.id)).rejects.toMatchObject(unavailable)
      await expect(
        store.conversations.create(conversation, stored.created(conversation)),
      ).rejects.toMatchObject(unavailable)
    })

    test('closing waits for what is under way', async () => {
      const database = await open()
      const conversation = stored.newConversation(stored.newOwner())
      const storing = sqlStore(database).conversations.create(conversation, stored.created(conversation))
      await Promise.all([database.close(), database.close()])
      expect(await storing).toEqual({ conversation, created: true })
      const again = sqlStore(await open())
      expect(await again.conversations.find(conversation, conversation.id)).toEqual(conversation)
    })

    test('a message needs a conversation, whatever the code above does', async () => {
      const { kysely } = await open()
      const orphan = sql`insert into messages
        (tenant_id, id, conversation_id, position, role, content, status, created_at)
        values ('t', 'm', 'c_unknown', 1, 'user', '', 'completed', 0)`
      await expect(orphan.execute(kysely)).rejects.toThrow(/foreign key/i)
    })
  })
}

function signal(): { received: Promise<void>; send(): void } {
  let send = (): void => {}
  const received = new Promise<void>((resolve) => (send = resolve))
  return { received, send: () => send() }
}
