import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { tenantOf } from '../../domain/tenant.js'
import { NO_LIMITS } from '../../domain/limits.js'
import { ListedTenants } from '../testing/listed-tenants.js'
import { answering } from '../testing/scripted-model.js'
import { createWorld, type World, type WorldOptions } from '../testing/test-world.js'
import { PURGE_LEASE_MS } from './purge-job.js'

const DAY = 24 * 3_600_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

let world: World
const build = async (options: WorldOptions = {}): Promise<void> => {
  world = await createWorld(options)
  world.model.script = answering('Hello.')
}
beforeEach(() => build())
afterEach(async () => {
  await world.useCases.purgeJob.stop()
  await world.close()
})

const remove = (id: string, caller = world.alice) => world.useCases.deleteConversation.execute(caller, id)
const stored = async (): Promise<string[]> =>
  (await world.database.kysely.selectFrom('conversations').select('id').orderBy('id').execute()).map(
    ({ id }) => id,
  )

describe('deleted conversations', () => {
  test('are gone after 90 days, not a day before, with their messages and runs', async () => {
    await world.conversation('c_gone01')
    await world.answered('Hello?', [], { conversationId: 'c_gone01', runId: 'run_01' })
    await world.conversation('c_kept01')
    await remove('c_gone01')
    world.clock.skip(90 * DAY - 1)
    await world.useCases.purgeJob.execute()
    expect(await stored()).toEqual(['c_gone01', 'c_kept01'])
    // The next look at what is deleted comes within an hour.
    world.clock.skip(HOUR)
    await world.useCases.purgeJob.execute()
    expect(await stored()).toEqual(['c_kept01'])
    const { kysely } = world.database
    for (const table of ['messages', 'runs'] as const)
      expect(await kysely.selectFrom(table).selectAll().execute()).toEqual([])
  })

  test('are kept as long as their tenant says', async () => {
    await world.close()
    const tenants = new ListedTenants(
      tenantOf({ id: 'default', limits: NO_LIMITS, retentionDays: 7 }),
      tenantOf({ id: 'acme', limits: NO_LIMITS, retentionDays: 0 }),
    )
    await build({ tenants })
    const acme = { ...world.alice, tenantId: 'acme' }
    const gone = { ...world.alice, tenantId: 'gone' }
    for (const [id, caller] of [
      ['c_default', world.alice],
      ['c_acme01', acme],
      ['c_nobody', gone],
    ] as const) {
      await world.conversation(id, caller)
      await remove(id, caller)
    }
    await world.useCases.purgeJob.execute()
    expect(await stored()).toEqual(['c_default', 'c_nobody'])
    world.clock.advance(7 * DAY)
    await world.useCases.purgeJob.execute()
    expect(await stored()).toEqual(['c_nobody'])
    world.clock.advance(83 * DAY)
    await world.useCases.purgeJob.execute()
    expect(await stored()).toEqual([])
  })
})

test('what was counted is kept for 90 days after its day is over, and what is counted now stays', async () => {
  await world.conversation()
  const ask = (runId: string) => world.answered('Hello?', ['Hi.'], { runId })
  const days = async () =>
    (await world.database.kysely.selectFrom('ledger_counters').select('ends_at').distinct().execute()).length
  await ask('run_01')
  const one = await days()
  world.clock.skip(90 * DAY)
  await ask('run_02')
  await world.useCases.purgeJob.execute()
  expect(await days()).toBe(2 * one)
  world.clock.skip(DAY)
  await world.useCases.purgeJob.execute()
  expect(await days()).toBe(2 * one - 1)
})

describe('of several processes', () => {
  test('one has the job, and another takes it over when that one is gone', async () => {
    const other = world.boot().useCases.purgeJob
    const both = () => Promise.all([world.useCases.purgeJob.execute(), other.execute()])
    expect(await both()).toEqual([true, false])
    world.clock.advance(MINUTE)
    expect(await both()).toEqual([true, false])
    world.clock.advance(PURGE_LEASE_MS)
    expect(await other.execute()).toBe(true)
    expect(await world.useCases.purgeJob.execute()).toBe(false)
    await other.stop()
    expect(await world.useCases.purgeJob.execute()).toBe(true)
  })
})

test('what is much is left to the process that took over meanwhile', async () => {
  await world.close()
  // For the job, and for its first step.
  let terms = 2
  const jobLeases = { acquire: async () => (terms -= 1) >= 0, release: async () => {} }
  await build({ replace: () => ({ jobLeases }) })
  for (let index = 0; index < 300; index += 1) {
    const id = await world.conversation(`c_gone${index}`)
    await remove(id)
  }
  world.clock.skip(91 * DAY)
  await world.useCases.purgeJob.execute()
  expect(await stored()).toHaveLength(50)
})

test('an erasure that was cut off is finished, and a store that is away is no end of the job', async () => {
  await world.close()
  let isAway = false
  await build({
    replace: ({ personalData: real }) => ({
      personalData: new Proxy(real, {
        get: (target, name: keyof typeof real) =>
          name === 'openErasures' && isAway
            ? () => Promise.reject(new DomainError('store-unavailable', 'away'))
            : target[name].bind(target),
      }),
    }),
  })
  await world.conversation()
  await world.answered('Hello?', [], { runId: 'run_01' })
  const { personalData } = world.ports
  const pseudonym = personalData.pseudonymOf(world.alice)
  const at = world.clock.now()
  await personalData.beginErasure(world.alice, pseudonym, {
    tenantId: 'default',
    type: 'erasure.requested',
    subjectId: pseudonym,
    actor: pseudonym,
    at,
    data: {},
  })
  isAway = true
  world.useCases.purgeJob.start()
  await world.clock.advanceAsync(MINUTE)
  expect(await stored()).toEqual(['c_00001'])
  isAway = false
  await world.clock.advanceAsync(MINUTE)
  expect(await stored()).toEqual([])
  expect(await personalData.openErasures()).toEqual([])
})
