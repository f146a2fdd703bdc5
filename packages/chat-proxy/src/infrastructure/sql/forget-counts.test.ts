import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Caller } from '../../domain/caller.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import { BucketRateLimiter } from '../rate-limit/bucket-rate-limiter.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { SqlBuckets } from './sql-buckets.js'
import { SqlPersonalData } from './sql-personal-data.js'
import { openSqlite } from './sqlite/open-sqlite.js'

test('whoever is forgotten is counted by the minute until it is over: they could ask without a limit else', async () => {
  const clock = new FakeClock()
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-test-'))
  // Two connections, as of two processes: one that is alone counts in memory.
  const open = () => openSqlite({ file: join(folder, 'chat.db'), now: () => clock.now() })
  const [database, other] = [await open(), await open()]
  const limiter = new BucketRateLimiter({ clock, shared: new SqlBuckets(database) })
  const personalData = new SqlPersonalData(database)
  const caller: Caller = { tenantId: 't', subject: 'v_alice', kind: 'visitor', role: 'visitor' }
  await limiter.take([
    { name: 'messages_per_minute', scope: 'user', tenantId: 't', id: caller.subject, max: 20 },
  ])
  const pseudonym = personalData.pseudonymOf(caller)
  await personalData.beginErasure(caller, pseudonym, requested(pseudonym, clock.now()))
  const erasure = (await personalData.openErasures())[0] ?? expect.fail('There is none.')
  expect(await personalData.anonymise(erasure, 100)).toBe('waiting')
  const buckets = () => database.kysely.selectFrom('rate_buckets').select('name').execute()
  expect(await buckets()).toHaveLength(1)
  clock.advance(60_000)
  expect(await personalData.anonymise(erasure, 100)).toBe('done')
  expect(await buckets()).toEqual([])
  await Promise.all([database.close(), other.close()])
  await rm(folder, { recursive: true })
})

const requested = (pseudonym: string, at: number): DomainEvent => ({
  tenantId: 't',
  type: 'erasure.requested',
  subjectId: pseudonym,
  actor: pseudonym,
  at,
  data: {},
})
