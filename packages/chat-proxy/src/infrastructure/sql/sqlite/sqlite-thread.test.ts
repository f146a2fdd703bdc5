import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as workerThreads from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SqliteThread } from './sqlite-thread.js'

/** How many threads were started; whether any can be. */
const threads = vi.hoisted(() => ({ started: 0, canBeHad: true }))
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof workerThreads>()
  class Worker extends real.Worker {
    constructor(...[program, options]: ConstructorParameters<typeof real.Worker>) {
      super(threads.canBeHad ? program : new URL('./missing.js', import.meta.url), options)
      threads.started += 1
    }
  }
  return { ...real, Worker }
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colloquy-thread-'))
  Object.assign(threads, { started: 0, canBeHad: true })
})
afterEach(() => rm(folder, { recursive: true }))

const open = (): SqliteThread =>
  new SqliteThread({ file: join(folder, 'a.db'), pragmas: 'pragma journal_mode = wal', timeout: 50 })

test.each([true, false])('executes statements in their order; a thread can be had: %s', async (canBeHad) => {
  threads.canBeHad = canBeHad
  const thread = open()
  const [, , rows] = await Promise.all([
    thread.run('create table t (a)'),
    thread.run('insert into t values (1)'),
    thread.run('select a from t'),
  ])
  expect(rows).toEqual([{ a: 1 }])
  await expect(thread.run('create table t (a)')).rejects.toMatchObject({ errcode: 1 })
  expect(await thread.run('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(threads.started).toBe(1)
  await thread.close()
})

test('starts nothing as long as nothing is asked of it', async () => {
  await open().close()
  expect(threads.started).toBe(0)
})
