import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as stored from '../../domain/ports/testing/stored-records.js'
import { openPostgres } from './postgres/open-postgres.js'
import { recordEvent } from './record-event.js'
import { EVERY_TENANT, type SqlDatabase } from './sql-database.js'
import { openSqlite } from './sqlite/open-sqlite.js'
import { createTemporaryDatabase, TEST_DATABASE_URL } from './testing/temporary-postgres.js'

interface Place {
  readonly database: SqlDatabase
  remove(): Promise<void>
}

async function onSqlite(): Promise<Place> {
  const database = await openSqlite({ file: ':memory:' })
  return { database, remove: () => database.close() }
}

async function onPostgres(): Promise<Place> {
  const place = await createTemporaryDatabase()
  const database = await openPostgres({ url: place.url, poolSize: 2 })
  return { database, remove: () => database.close().then(() => place.drop()) }
}

const PLACES = [
  { name: 'SQLite', open: onSqlite, isThere: true, code: 'SQLITE_1811' },
  {
    name: 'PostgreSQL (needs TEST_DATABASE_URL)',
    open: onPostgres,
    isThere: Boolean(TEST_DATABASE_URL),
    code: '23001',
  },
]

for (const { name, open, isThere, code } of PLACES) {
  describe.skipIf(!isThere)(`events on ${name}`, () => {
    let place: Place
    const owner = stored.newOwner()
    beforeEach(async () => {
      place = await open()
      const conversation = stored.newConversation(owner)
      await place.database.transaction(owner.tenantId, async (trx) => {
        await recordEvent(trx, stored.created(conversation))
        await recordEvent(trx, {
          ...stored.created(conversation),
          type: 'budget.warned',
          subjectId: owner.ownerId,
          actor: 'system',
        })
      })
    })
    afterEach(() => place.remove())

    const change = (statement: ReturnType<typeof sql>) =>
      place.database.transaction(EVERY_TENANT, (trx) => statement.execute(trx))
    const events = () =>
      place.database.use(EVERY_TENANT, (db) => db.selectFrom('events').selectAll().orderBy('seq').execute())
    const expectRefused = async (statement: ReturnType<typeof sql>): Promise<void> => {
      const before = await events()
      expect(before).toHaveLength(2)
      await expect(change(statement)).rejects.toMatchObject({ name: 'SqlError', code })
      expect(await events()).toEqual(before)
    }
    const forget = () =>
      change(sql`insert into erasures (tenant_id, pseudonym, kind, subject, requested_at)
        values (${owner.tenantId}, 'nobody-1', 'visitor', ${owner.ownerId}, 1)`)

    const CHANGES = [
      ['taken away', sql`delete from events`],
      ['told of otherwise', sql`update events set type = 'other'`],
      ['dated otherwise', sql`update events set at = at + 1`],
      ['put in another place', sql`update events set seq = seq + 10`],
      ['given other details', sql`update events set data = '{}'`],
      ['laid to somebody else', sql`update events set actor = 'somebody'`],
      ['given the name of one who is not being forgotten', sql`update events set actor = 'nobody-2'`],
    ] as const

    test.each(CHANGES)('cannot be %s', async (_name, statement) => {
      await expectRefused(statement)
    })

    test.each(CHANGES)('cannot be %s, also not while somebody is forgotten', async (_name, statement) => {
      await forget()
      await expectRefused(statement)
    })

    test('get the pseudonym of one who is being forgotten, and nothing else with it', async () => {
      const renaming = sql`update events set actor = 'nobody-1' where actor = ${owner.ownerId}`
      await expectRefused(renaming)
      await forget()
      await expectRefused(sql`update events set actor = 'nobody-1', at = 0 where actor = ${owner.ownerId}`)
      await change(renaming)
      await change(sql`update events set subject_id = 'nobody-1' where type = 'budget.warned'`)
      expect(await events()).toMatchObject([
        { actor: 'nobody-1', type: 'conversation.created' },
        { actor: 'system', subject_id: 'nobody-1' },
      ])
      await change(sql`update erasures set subject = null`)
      await expectRefused(sql`update events set actor = 'nobody-1'`)
    })

    test.skipIf(name === 'SQLite')('cannot be emptied, also not by their owner', async () => {
      const { kysely } = place.database
      await expect(sql`truncate events`.execute(kysely)).rejects.toMatchObject({ code })
      expect(await events()).toHaveLength(2)
    })
  })
}
