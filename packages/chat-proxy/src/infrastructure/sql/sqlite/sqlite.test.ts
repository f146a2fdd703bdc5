import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { conversationRepositorySuite } from '../../../domain/ports/conversation-repository.suite.js'
import { runRepositorySuite } from '../../../domain/ports/run-repository.suite.js'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import type { SqlDatabase } from '../sql-database.js'
import { sqlDatabaseSuite } from '../testing/sql-database.suite.js'
import { sqlStore } from '../testing/sql-store.js'
import { openSqlite } from './open-sqlite.js'

let folder: string
let count = 0
const newFile = (): string => join(folder, `${count++}`, 'chat.db')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colloquy-sqlite-'))
})
afterAll(() => rm(folder, { recursive: true }))

const openInMemory = async () => sqlStore(await openSqlite({ file: ':memory:' }))
const openFile = async () => sqlStore(await openSqlite({ file: newFile() }))

conversationRepositorySuite('SQLite in memory', openInMemory)
conversationRepositorySuite('SQLite file', openFile)
runRepositorySuite('SQLite in memory', openInMemory)
runRepositorySuite('SQLite file', openFile)
sqlDatabaseSuite('SQLite file', async () => {
  const file = newFile()
  return { open: () => openSqlite({ file }), remove: () => Promise.resolve() }
})

describe('openSqlite', () => {
  const opened: SqlDatabase[] = []
  const open = async (file = newFile()): Promise<SqlDatabase> => {
    const database = await openSqlite({ file })
    opened.push(database)
    return database
  }
  const create = (database: SqlDatabase) => {
    const conversation = stored.newConversation(stored.newOwner())
    return sqlStore(database).conversations.create(conversation, stored.created(conversation))
  }
  afterEach(async () => {
    vi.useRealTimers()
    await Promise.all(opened.splice(0).map((database) => database.close()))
  })

  test('writes durably, in WAL mode, without SQLite’s own waiting', async () => {
    const { kysely } = await open()
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await sql`pragma ${sql.raw(name)}`.execute(kysely)
      return Object.values(rows[0] ?? {})[0]
    }
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('busy_timeout')).toBe(0)
  })

  test('keeps the file to its own user', async () => {
    const file = newFile()
    await create(await open(file))
    for (const each of [file, `${file}-wal`]) expect((await stat(each)).mode & 0o777).toBe(0o600)
  })

  test.each(['a transaction', 'a single statement'])(
    '%s waits for another process without blocking this one',
    async (what) => {
      const file = newFile()
      const database = await open(file)
      const { conversation } = await create(database)
      const other = new DatabaseSync(file)
      other.exec('begin immediate')
      const writing =
        what === 'a transaction'
          ? create(database)
          : sqlStore(database).conversations.update(conversation, conversation.id, { title: 'New' }, 1)
      // These turns of the event loop would not come if the wait slept inside SQLite.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      other.exec('commit')
      other.close()
      expect(await writing).toMatchObject(what === 'a transaction' ? { created: true } : { title: 'New' })
    },
  )

  test('gives up on a file that another process keeps locked', async () => {
    const file = newFile()
    const database = await open(file)
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    vi.useFakeTimers()
    const failing = expect(create(database)).rejects.toMatchObject({
      code: 'store-unavailable',
      retryAfter: 1,
    })
    await vi.advanceTimersByTimeAsync(6_000)
    await failing
    other.close()
    expect((await create(database)).created).toBe(true)
  })

  test('reports a full disk, keeps nothing of what did not fit, and goes on when there is room', async () => {
    const database = await open()
    const store = sqlStore(database)
    const { conversation } = await create(database)
    await sql`pragma max_page_count = 1`.execute(database.kysely) // as many pages as there are now
    const run = stored.newRun(conversation)
    const admission = stored.question(run, 'x'.repeat(1_000_000))
    await expect(store.runs.admit(admission)).rejects.toMatchObject({
      code: 'store-unavailable',
      retryAfter: 1,
      cause: { code: 'SQLITE_13' },
    })
    expect(await store.runs.find(conversation, run.id)).toBeNull()
    expect(await store.conversations.find(conversation, conversation.id)).toEqual(conversation)
    await sql`pragma max_page_count = 1000000`.execute(database.kysely)
    expect(await store.runs.admit(admission)).toEqual({ outcome: 'admitted' })
  })

  test('reports what is no database or cannot be opened', async () => {
    const notADatabase = join(folder, 'text.db')
    await writeFile(notADatabase, 'This is a text, and a text is no database. '.repeat(50))
    const belowAFile = join(notADatabase, 'chat.db')
    for (const file of [notADatabase, belowAFile, folder]) {
      await expect(openSqlite({ file })).rejects.toMatchObject({ code: 'store-unavailable' })
    }
  })

  test.each([
    ['the list of conversations', 'list', 'INDEX conversations_by_owner'],
    ['the messages of a conversation', 'messages', 'INDEX messages_in_order'],
    ['the active run', 'active', 'INDEX runs_active'],
    ['orphans', 'orphans', 'INDEX runs_active'],
  ] as const)('finds %s by its index', async (_, which, index) => {
    const file = newFile()
    const { conversations, runs } = sqlStore(await open(file))
    const owner = stored.newOwner()
    const queries = {
      list: () => conversations.list(owner, 1, 20),
      messages: () => conversations.messages(owner, 'c_1', { before: 'm_1', limit: 20 }),
      active: () => runs.findActive(owner, 'c_1'),
      orphans: () => runs.findOrphans(),
    }
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
    await queries[which]()
    const statements = prepare.mock.calls.map(([text]) => text)
    prepare.mockRestore()
    const plan = planOf(file, statements)
    expect(plan).toContain(index)
    if (which === 'list' || which === 'messages') expect(plan).not.toContain('TEMP B-TREE')
  })
})

function planOf(file: string, statements: readonly string[]): string {
  const database = new DatabaseSync(file)
  const steps = statements.flatMap((text) => database.prepare(`explain query plan ${text}`).all())
  database.close()
  return steps.map(({ detail }) => String(detail)).join('\n')
}
