import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { rateLimiterSuite, type RateLimiterPlace } from '../../domain/ports/rate-limiter.suite.js'
import { BucketRateLimiter } from '../rate-limit/bucket-rate-limiter.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { openPostgres } from './postgres/open-postgres.js'
import { SqlBuckets } from './sql-buckets.js'
import type { SqlDatabase } from './sql-database.js'
import { openSqlite } from './sqlite/open-sqlite.js'
import { createTemporaryDatabase, TEST_DATABASE_URL } from './testing/temporary-postgres.js'

rateLimiterSuite('SQLite, shared', async () => {
  const clock = new FakeClock()
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-test-'))
  // Two connections, as of two processes.
  const open = () => openSqlite({ file: join(folder, 'chat.db'), now: () => clock.now() })
  const databases = [await open(), await open()]
  return placeOf(databases, clock, {
    pass: async (ms) => clock.advance(ms),
    remove: () => rm(folder, { recursive: true, force: true }),
  })
})

describe.skipIf(!TEST_DATABASE_URL)('PostgreSQL (needs TEST_DATABASE_URL)', () => {
  rateLimiterSuite('PostgreSQL', async () => {
    const clock = new FakeClock()
    const place = await createTemporaryDatabase()
    const databases = [await openPostgres({ url: place.url }), await openPostgres({ url: place.url })]
    return placeOf(databases, clock, {
      async pass(ms) {
        clock.advance(ms)
        // As if all had happened earlier: the clock of the server goes its own way.
        await sql`update rate_buckets set full_at = full_at - ${ms * 1000}`.execute(first(databases).kysely)
      },
      remove: () => place.drop(),
    })
  })
})

test('full buckets are taken away after a while', async () => {
  const clock = new FakeClock()
  const database = await openSqlite({ file: ':memory:', now: () => clock.now() })
  const buckets = new SqlBuckets(database)
  const take = (name: string) =>
    buckets.take([
      { tenantId: 't', name, bucket: { perToken: 3_000_000, capacity: 60_000_000 }, knownDebt: 0 },
    ])
  const names = async () =>
    (await database.kysely.selectFrom('rate_buckets').select('name').execute()).map((row) => row.name)
  await take('old')
  clock.advance(61_000)
  await take('new')
  await expect.poll(names).toEqual(['new'])
  await database.close()
})

function placeOf(
  databases: readonly SqlDatabase[],
  clock: FakeClock,
  { pass, remove }: { pass: RateLimiterPlace['pass']; remove: () => Promise<void> },
): RateLimiterPlace {
  let opened = 0
  return {
    open: () => {
      const database = databases[(opened += 1) % databases.length] ?? first(databases)
      return new BucketRateLimiter({ clock, shared: new SqlBuckets(database) })
    },
    pass,
    async close() {
      await Promise.all(databases.map((database) => database.close()))
      await remove()
    },
  }
}

function first(databases: readonly SqlDatabase[]): SqlDatabase {
  const [database] = databases
  if (!database) throw new Error('There is a database.')
  return database
}
