import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { rateLimiterSuite, type RateLimiterPlace } from '../../domain/ports/rate-limiter.suite.js'
import { BucketRateLimiter } from '../rate-limit/bucket-rate-limiter.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { openPostgres } from './postgres/open-postgres.js'
import { SqlBuckets } from './sql-buckets.js'
import type { SqlDatabase } from './sql-database.js'
import { openSqlite } from './sqlite/open-sqlite.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from './testing/temporary-postgres.js'

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
    const setServerClock = await stopServerClock(place, clock)
    const databases = [await openPostgres({ url: place.url }), await openPostgres({ url: place.url })]
    return placeOf(databases, clock, {
      async pass(ms) {
        clock.advance(ms)
        await setServerClock()
      },
      async remove() {
        await setServerClock.end()
        await place.drop()
      },
    })
  })
})

/**
 * Whatever asks the server for the time in this database is told that of `clock`, so that none passes while a busy machine takes its time.
 * @returns sets it anew
 */
async function stopServerClock({ url }: TemporaryDatabase, clock: FakeClock) {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { pathname } = new URL(url)
  // Before that of the system, which comes first wherever it is not named.
  await client.query(`alter database ${pathname.slice(1)} set search_path = public, pg_catalog`)
  const set = async (): Promise<void> => {
    await client.query(`create or replace function public.clock_timestamp() returns timestamptz
      language sql volatile as 'select to_timestamp(${clock.now()} / 1000.0)'`)
  }
  await set()
  return Object.assign(set, { end: () => client.end() })
}

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
