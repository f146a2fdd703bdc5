import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import { sqlStore } from '../testing/sql-store.js'
import { openSqlite } from './open-sqlite.js'

/** How SQLite was told to write, each time that something was committed. */
type Durability = 'full' | 'normal'

describe('what is acknowledged is on the disk', () => {
  let folder: string
  let store: ReturnType<typeof sqlStore>
  let commits: Durability[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colloquy-durable-'))
    let durability: Durability = 'full'
    commits = []
    const hear = (statement: string): void => {
      const told = /^pragma synchronous = (full|normal)$/.exec(statement)?.[1]
      if (told) durability = told === 'full' ? 'full' : 'normal'
      if (/^commit/i.test(statement)) commits.push(durability)
    }
    const exec = DatabaseSync.prototype.exec
    vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, statement) {
      hear(statement)
      exec.call(this, statement)
    })
    const prepare = DatabaseSync.prototype.prepare
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, statement) {
      const prepared = prepare.call(this, statement)
      const run = prepared.run.bind(prepared)
      if (/^commit/i.test(statement)) {
        prepared.run = () => {
          hear(statement)
          return run()
        }
      }
      return prepared
    })
    store = sqlStore(await openSqlite({ file: join(folder, 'chat.db') }))
  })

  afterEach(async () => {
    await store.close()
    vi.restoreAllMocks()
    await rm(folder, { recursive: true })
  })

  /** How each commit was made while `work` was under way. */
  async function during(work: () => Promise<unknown>): Promise<Durability[]> {
    commits = []
    await work()
    return [...commits]
  }

  test('a question when it is accepted and an answer when it has ended; the text on its way only in the file', async () => {
    const conversation = stored.newConversation(stored.newOwner())
    await store.conversations.create(conversation, stored.created(conversation))
    const run = stored.newRun(conversation)
    expect(await during(() => store.runs.admit(stored.question(run, 'Hello')))).toEqual(['full'])
    const progress = await during(() => store.runs.checkpoint(stored.refOf(run), stored.progress('Half an')))
    expect(progress).toEqual(['normal'])
    const end = stored.completed('The answer.')
    expect(await during(() => store.runs.end(stored.refOf(run), end, stored.ended(run, end)))).toEqual([
      'full',
    ])
  })
})
