import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bigint, text, type Records } from './idioms.js'
import type { Tables } from './schema.js'
import { sqliteDialect } from './sqlite/sqlite-dialect.js'
import { SqliteConnection } from './sqlite/sqlite-driver.js'
import { Statement } from './statement.js'

const database = new DatabaseSync(':memory:')
const db = new Kysely<Tables>({ dialect: sqliteDialect(new SqliteConnection(database), 'write') })
beforeAll(() => database.exec('create table counters (name text primary key, value integer)'))
afterAll(() => db.destroy())

interface Added {
  readonly added: Records
  readonly by: number
}

const add = new Statement<Added, { name: string; value: number }>((_db, value, { recordsOf }) => {
  const fields = [text('name'), bigint('value')]
  return sql<{ name: string; value: number }>`insert into counters (name, value)
    select name, value * ${value('by')} from (${recordsOf(value('added'), fields)}) as added where true
    on conflict (name) do update set value = counters.value + excluded.value returning name, value`
})

test.each([0, 1, 2, 64, 65, 500])('%i records are taken in their order', async (count) => {
  database.exec('delete from counters')
  const added = Array.from({ length: count }, (_, index) => ({ name: `c_${index % 40}`, value: index }))
  const { rows } = await db.transaction().execute((trx) => add.execute(trx, { added, by: 2 }))
  const sums = new Map<string, number>()
  const expected = added.map(({ name, value }) => {
    sums.set(name, (sums.get(name) ?? 0) + value * 2)
    return { name, value: sums.get(name) }
  })
  expect(rows).toEqual(expected)
})

test('many records hold up nothing else that the process has to do', async () => {
  let turns = 0
  const count = (): void => {
    turns += 1
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  const added = Array.from({ length: 500 }, (_, value) => ({ name: `c_${value}`, value }))
  await db.transaction().execute((trx) => add.execute(trx, { added, by: 2 }))
  clearImmediate(next)
  expect(turns).toBeGreaterThanOrEqual(7)
})

test('what a record does not say is null', async () => {
  database.exec('delete from counters')
  const { rows } = await add.execute(db, { added: [{ name: 'c' }], by: 2 })
  expect(rows).toEqual([{ name: 'c', value: null }])
})

test('how many rows changed is told of all records together', async () => {
  database.exec('delete from counters')
  const insert = new Statement<{ added: Records }>((_db, value, { recordsOf }) => {
    const records = recordsOf(value('added'), [text('name')])
    return sql`insert into counters (name, value) select name, 1 from (${records}) as added where true on conflict (name) do nothing`
  })
  const added = [{ name: 'a' }, { name: 'b' }, { name: 'a' }]
  expect((await insert.execute(db, { added })).numAffectedRows).toBe(2n)
})
