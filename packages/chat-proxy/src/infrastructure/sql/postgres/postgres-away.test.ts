import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { INSTALLATION, type SqlDatabase } from '../sql-database.js'
import { HAS_OWN_POSTGRES, OwnPostgres } from '../testing/own-postgres.js'
import { openPostgres } from './open-postgres.js'

const AWAY = { code: 'store-unavailable', retryAfter: 1 }
/** As nobody says who waited for a statement to time out. */
const SILENT = { ...AWAY, message: expect.stringContaining('does not answer') }

describe.skipIf(!HAS_OWN_POSTGRES)('a PostgreSQL that goes away and comes back (needs its programs)', () => {
  let server: OwnPostgres
  let database: SqlDatabase
  let changes: boolean[]
  beforeEach(async () => {
    server = await OwnPostgres.start()
    changes = []
    database = await openPostgres({
      url: server.url,
      poolSize: 3,
      onChange: (answers) => void changes.push(answers),
    })
  })
  afterEach(async () => {
    server.resume()
    await database.close()
    await server.remove()
  })

  const ask = () => database.use(INSTALLATION, (db) => sql`select 1`.execute(db))
  const write = (name: string) =>
    database.transaction(INSTALLATION, (trx) =>
      trx.insertInto('signing_keys').values({ name, secret: '', created_at: 0 }).execute(),
    )
  const names = async () =>
    (await database.use(INSTALLATION, (db) => db.selectFrom('signing_keys').select('name').execute())).map(
      ({ name }) => name,
    )
  const isSettledAtOnce = (work: Promise<unknown>): Promise<boolean> =>
    Promise.race([
      work.then(
        () => true,
        () => true,
      ),
      new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
    ])

  test('that hangs fails what is under way soon, all else at once, and is used again when it goes on', async () => {
    await write('before')
    server.pause()
    // More than there are connections.
    const underWay = Array.from({ length: 8 }, (_, index) => write(`lost ${index}`))
    for (const work of underWay) await expect(work).rejects.toMatchObject(SILENT)
    expect(changes).toEqual([false])
    expect(await isSettledAtOnce(ask())).toBe(true)
    await expect(ask()).rejects.toMatchObject(SILENT)
    server.resume()
    await expect.poll(() => changes).toEqual([false, true])
    await write('after')
    expect(await names()).toEqual(expect.arrayContaining(['before', 'after']))
  })

  test('that is killed is refused at once, has lost nothing that was told, and needs no restart of ours', async () => {
    const told: string[] = []
    for (let index = 0; index < 20; index += 1)
      await write(`told ${index}`).then(() => told.push(`told ${index}`))
    const more = Promise.allSettled(
      Array.from({ length: 20 }, async (_, index) => {
        await write(`more ${index}`)
        told.push(`more ${index}`)
      }),
    )
    await server.kill()
    for (const outcome of await more) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(AWAY)
    }
    await expect(ask()).rejects.toMatchObject(AWAY)
    await server.start()
    await expect.poll(() => ask().then(() => 'there')).toBe('there')
    expect(await names()).toEqual(expect.arrayContaining(told))
  })

  test('a statement that takes long is no reason to give up on the server', async () => {
    await database.use(INSTALLATION, (db) => sql`select pg_sleep(1.5)`.execute(db))
    expect(changes).toEqual([])
  })
})
