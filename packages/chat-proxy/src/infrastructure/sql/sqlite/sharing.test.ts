import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SqlDatabase } from '../sql-database.js'
import { openSqlite } from './open-sqlite.js'

let folder: string
const opened: SqlDatabase[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colloquy-test-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()))
  await rm(folder, { recursive: true, force: true })
})

/** Each has a connection and a lock of its own, as another process would. */
const open = async (file = join(folder, 'chat.db')): Promise<SqlDatabase> => {
  const database = await openSqlite({ file })
  opened.push(database)
  return database
}
const write = ({ kysely }: SqlDatabase) =>
  kysely
    .insertInto('rate_buckets')
    .values({ tenant_id: 't', name: crypto.randomUUID(), full_at: 1 })
    .execute()

test('who is alone knows it, whatever it writes', async () => {
  const database = await open()
  await write(database)
  expect(database.isShared()).toBe(false)
})

test('whoever comes second tells the first before it does anything', async () => {
  const first = await open()
  expect(first.isShared()).toBe(false)
  const second = await open()
  expect([first.isShared(), second.isShared()]).toEqual([true, true])
})

test('who comes when all others are gone is alone', async () => {
  const first = await open()
  await write(first)
  await first.close()
  const second = await open()
  expect(second.isShared()).toBe(false)
})

test('a database in memory is nobody else’s', async () => {
  const first = await open(':memory:')
  await open(':memory:')
  expect(first.isShared()).toBe(false)
})
