import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { runPlacesSuite } from '../../domain/ports/run-places.suite.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { openPostgres } from './postgres/open-postgres.js'
import { EVERY_TENANT } from './sql-database.js'
import { SqlRunPlaces } from './sql-run-places.js'
import { openSqlite } from './sqlite/open-sqlite.js'
import { createTemporaryDatabase, TEST_DATABASE_URL } from './testing/temporary-postgres.js'

/** In steps, so that each renewal that falls due is written before the next. */
async function advance(clock: FakeClock, ms: number, step: (ms: number) => Promise<unknown>): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await step(500)
    clock.advance(500)
    // A renewal goes through the database: one statement behind it comes after it.
    await step(0)
  }
}

runPlacesSuite('SQLite, shared', async () => {
  const clock = new FakeClock()
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-test-'))
  const open = () => openSqlite({ file: join(folder, 'chat.db'), now: () => clock.now() })
  const databases = [await open(), await open()] as const
  let opened = 0
  return {
    open: () => new SqlRunPlaces(databases[(opened += 1) % 2 ? 1 : 0], { owner: randomUUID(), clock }),
    pass: (ms) =>
      advance(clock, ms, () =>
        Promise.all(
          databases.map((database) => database.quickTransaction(EVERY_TENANT, () => Promise.resolve())),
        ),
      ),
    async close() {
      await Promise.all(databases.map((database) => database.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
})

describe.skipIf(!TEST_DATABASE_URL)('PostgreSQL (needs TEST_DATABASE_URL)', () => {
  runPlacesSuite('PostgreSQL', async () => {
    const clock = new FakeClock()
    const place = await createTemporaryDatabase()
    // One connection each, so that a statement behind a renewal does come after it.
    const open = () => openPostgres({ url: place.url, poolSize: 1 })
    const databases = [await open(), await open()] as const
    let opened = 0
    return {
      open: () => new SqlRunPlaces(databases[(opened += 1) % 2 ? 1 : 0], { owner: randomUUID(), clock }),
      // As if all had happened earlier: the clock of the server goes its own way.
      pass: (ms) =>
        advance(clock, ms, async (step) => {
          for (const database of databases)
            await database.transaction(EVERY_TENANT, async (trx) => {
              await sql`update run_places set lease_until = lease_until - ${step / 2}`.execute(trx)
            })
        }),
      async close() {
        await Promise.all(databases.map((database) => database.close()))
        await place.drop()
      },
    }
  })
})

test('a process that has its file for itself writes nothing', async () => {
  const database = await openSqlite({ file: ':memory:' })
  const places = new SqlRunPlaces(database, { owner: 'a', clock: new FakeClock() })
  expect(await places.take({ tenantId: 't', ownerId: 'v_a', id: 'r' }, { user: 1, tenant: 1 })).toBe(true)
  expect(await database.kysely.selectFrom('run_places').selectAll().execute()).toEqual([])
  await database.close()
})
