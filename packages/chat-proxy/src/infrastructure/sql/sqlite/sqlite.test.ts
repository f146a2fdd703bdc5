import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Owner } from '../../../domain/ports/index.js'
import { conversationRepositorySuite } from '../../../domain/ports/conversation-repository.suite.js'
import { jobLeasesSuite } from '../../../domain/ports/job-leases.suite.js'
import { ledgerSuite } from '../../../domain/ports/ledger.suite.js'
import { personalDataSuite } from '../../../domain/ports/personal-data.suite.js'
import { retentionSuite } from '../../../domain/ports/retention.suite.js'
import { runRepositorySuite } from '../../../domain/ports/run-repository.suite.js'
import { killSwitchStoreSuite } from '../../../domain/ports/kill-switch-store.suite.js'
import { summariesSuite } from '../../../domain/ports/summaries.suite.js'
import { tenantStoreSuite } from '../../../domain/ports/tenant-store.suite.js'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import type { OpenStore } from '../../../domain/ports/testing/stored-records.js'
import { INSTALLATION, type SqlDatabase } from '../sql-database.js'
import { sqlDependency } from '../sql-dependency.js'
import { sqlDatabaseSuite } from '../testing/sql-database.suite.js'
import { sqlStore, killSwitchStore, tenantStore } from '../testing/sql-store.js'
import { openSqlite } from './open-sqlite.js'
import { announcePresence } from './presence.js'
import { NOW } from './sqlite-dialect.js'

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
ledgerSuite('SQLite in memory', openInMemory)
personalDataSuite('SQLite in memory', openInMemory)
retentionSuite('SQLite in memory', openInMemory)
jobLeasesSuite('SQLite in memory', openInMemory)
summariesSuite('SQLite in memory', openInMemory)
runRepositorySuite('SQLite file', openFile)
ledgerSuite('SQLite file', openFile)
tenantStoreSuite('SQLite in memory', async () => tenantStore(await openSqlite({ file: ':memory:' })))
killSwitchStoreSuite('SQLite in memory', async () => killSwitchStore(await openSqlite({ file: ':memory:' })))
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

  test('writes in WAL mode, without SQLite’s own waiting for the disk or for others', async () => {
    const { kysely } = await open()
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await sql`pragma ${sql.raw(name)}`.execute(kysely)
      return Object.values(rows[0] ?? {})[0]
    }
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(1)
    expect(await pragma('wal_autocheckpoint')).toBe(0)
    expect(await pragma('secure_delete')).toBe(1)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('busy_timeout')).toBe(0)
  })

  describe('what is taken away for good', () => {
    /** Every file of the database, whatever it is for, that holds `text`. */
    const filesWith = async (file: string, text: string): Promise<string[]> => {
      const names = await readdir(dirname(file))
      const found = await Promise.all(
        names.map(async (name) => ((await readFile(join(dirname(file), name))).includes(text) ? [name] : [])),
      )
      return found.flat()
    }
    const marker = 'a-word-that-stands-nowhere-else'
    const ask = async (database: SqlDatabase) => {
      const store = sqlStore(database)
      const conversation = stored.newConversation(stored.newOwner())
      await store.conversations.create(conversation, stored.created(conversation))
      const question = stored.question(stored.newRun(conversation), `my name is ${marker}`)
      await stored.answered(store, question, `hello ${marker}`)
      return { store, conversation }
    }
    const erase = async (store: OpenStore, { tenantId, ownerId }: Owner) => {
      const caller = { tenantId, subject: ownerId, kind: 'visitor', role: 'visitor' } as const
      const pseudonym = store.personalData.pseudonymOf(caller)
      const event = { tenantId, subjectId: pseudonym, actor: pseudonym, at: stored.NOON, data: {} }
      await store.personalData.beginErasure(caller, pseudonym, { ...event, type: 'erasure.requested' })
      const erasure = { tenantId, ownerId, pseudonym, requestedAt: stored.NOON }
      await store.personalData.forget(erasure, 100, stored.NOON)
    }

    test('is in no file any more once it was forgotten', async () => {
      const file = newFile()
      const { store, conversation } = await ask(await open(file))
      expect(await filesWith(file, marker)).toContain('chat.db-wal')
      await erase(store, conversation)
      expect(await filesWith(file, marker)).toEqual([])
    })

    test('is in no file any more once it was purged', async () => {
      const file = newFile()
      const { store, conversation } = await ask(await open(file))
      await store.conversations.softDelete(conversation, conversation.id, stored.deleted(conversation))
      await store.retention.purge(conversation.tenantId, {
        deletedUntil: Number.MAX_SAFE_INTEGER,
        limit: 100,
        at: stored.NOON,
      })
      expect(await filesWith(file, marker)).toEqual([])
    })

    test('goes as soon as nobody else is reading', async () => {
      const file = newFile()
      const { store, conversation } = await ask(await open(file))
      const reader = new DatabaseSync(file)
      reader.exec('begin')
      reader.prepare('select count(*) from messages').get()
      await erase(store, conversation)
      expect(await filesWith(file, marker)).toContain('chat.db-wal')
      reader.close()
      await expect.poll(() => filesWith(file, marker)).toEqual([])
    })
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
          : sqlStore(database).conversations.update(
              conversation,
              conversation.id,
              stored.renamed('New'),
              stored.updated(conversation),
            )
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
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const failing = expect(create(database)).rejects.toMatchObject({
      code: 'store-unavailable',
      retryAfter: 1,
    })
    await vi.advanceTimersByTimeAsync(6_000)
    await failing
    other.close()
    expect((await create(database)).created).toBe(true)
  })

  test('reads what is committed, without waiting for a transaction that is under way', async () => {
    const database = await open()
    const { conversation } = await create(database)
    const { conversations } = sqlStore(database)
    let commit = (): void => {}
    const begun = new Promise<void>((isBegun) => {
      void database.transaction(INSTALLATION, async (trx) => {
        await trx.updateTable('conversations').set({ title: 'Not yet' }).execute()
        isBegun()
        await new Promise<void>((resolve) => (commit = resolve))
      })
    })
    await begun
    expect(await conversations.find(conversation, conversation.id)).toEqual(conversation)
    commit()
    await expect
      .poll(async () => (await conversations.find(conversation, conversation.id))?.title)
      .toBe('Not yet')
  })

  test('changes nothing where it says that it only reads', async () => {
    const database = await open()
    const { conversation } = await create(database)
    await expect(
      database.use(INSTALLATION, (db) => db.deleteFrom('conversations').execute()),
    ).rejects.toMatchObject({ cause: { code: 'SQLITE_8' } })
    expect(await sqlStore(database).conversations.find(conversation, conversation.id)).toEqual(conversation)
  })

  describe('transactions of one turn', () => {
    const commitsOf = async (work: () => Promise<unknown>): Promise<number> => {
      const exec = vi.spyOn(DatabaseSync.prototype, 'exec')
      await work()
      const commits = exec.mock.calls.filter(([text]) => text === 'commit').length
      exec.mockRestore()
      return commits
    }
    const admission = async (database: SqlDatabase, content = 'hello') => {
      const { conversation } = await create(database)
      return stored.question(stored.newRun(conversation), content)
    }

    test('share one commit', async () => {
      const database = await open()
      const { runs } = sqlStore(database)
      const admissions = await Promise.all(Array.from({ length: 50 }, () => admission(database)))
      const admitted = () => Promise.all(admissions.map((each) => runs.admit(each)))
      expect(await commitsOf(admitted)).toBe(1)
      for (const { run } of admissions) expect(await runs.find(run, run.id)).toEqual(run)
    })

    test('keep what the others did when one of them is refused', async () => {
      const database = await open()
      const store = sqlStore(database)
      const [first, refused, last] = [
        await admission(database),
        await admission(database),
        await admission(database),
      ]
      const gone = { ...refused, run: { ...refused.run, conversationId: 'c_unknown' } }
      const results = await Promise.allSettled([first, gone, last].map((each) => store.runs.admit(each)))
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(results[1]).toMatchObject({ reason: { code: 'conversation-not-found' } })
      expect(await store.runs.find(first.run, first.run.id)).toEqual(first.run)
      expect(await store.runs.find(refused.run, refused.run.id)).toBeNull()
      expect(await store.runs.find(last.run, last.run.id)).toEqual(last.run)
    })

    test('are done one by one when one of them takes the whole transaction down', async () => {
      const database = await open()
      const { runs } = sqlStore(database)
      const [first, last] = [await admission(database), await admission(database)]
      const lost = database.transaction(INSTALLATION, async (trx) => {
        // As SQLite does it itself after some errors of the disk.
        await sql`rollback`.execute(trx)
        throw new Error('the disk is full')
      })
      const results = await Promise.allSettled([runs.admit(first), lost, runs.admit(last)])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      for (const { run } of [first, last]) expect(await runs.find(run, run.id)).toEqual(run)
    })

    test('that cannot begin fail together, not one after the other', async () => {
      const file = newFile()
      const database = await open(file)
      const { runs } = sqlStore(database)
      const admissions = await Promise.all(Array.from({ length: 20 }, () => admission(database)))
      const other = new DatabaseSync(file)
      other.exec('begin immediate')
      vi.useFakeTimers({ toFake: ['setTimeout'] })
      const results = Promise.allSettled(admissions.map((each) => runs.admit(each)))
      await new Promise((resolve) => setImmediate(resolve))
      await vi.advanceTimersByTimeAsync(6_000)
      for (const result of await results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable' } })
      }
      other.close()
    })
  })

  describe('presence', () => {
    const orphaned = async (file: string): Promise<{ id: string }> => {
      const database = await open(file)
      const { conversation } = await create(database)
      const run = stored.newRun(conversation)
      await sqlStore(database).runs.admit(stored.question(run, 'hello'))
      return run
    }
    const orphans = async (database: SqlDatabase): Promise<string[]> =>
      (await sqlStore(database).runs.findOrphans()).map(({ id }) => id)

    test('a start finds at once what the process before left, whatever its lease', async () => {
      const file = newFile()
      const run = await orphaned(file)
      await opened[0]?.close()
      expect(await orphans(await open(file))).toEqual([run.id])
    })

    test('a start beside a living process takes nothing from it', async () => {
      const file = newFile()
      const run = await orphaned(file)
      expect(await orphans(await open(file))).toEqual([])
      await Promise.all(opened.splice(0).map((database) => database.close()))
      expect(await orphans(await open(file))).toEqual([run.id])
    })

    test('a process that is killed leaves nothing of its presence behind', async () => {
      const file = newFile()
      await (await open(file)).close()
      opened.length = 0
      const script = `
        const { DatabaseSync } = require('node:sqlite')
        const locks = new DatabaseSync(process.argv[1])
        locks.exec('begin'); locks.prepare('select count(*) from sqlite_schema').get()
        console.log('held'); setInterval(() => {}, 1000)`
      const holder = spawn(process.execPath, ['-e', script, `${file}-presence`], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      await once(holder.stdout, 'data')
      const first = await announcePresence(file, () => Promise.resolve())
      expect(first.isAlone).toBe(false)
      first.release()
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      const second = await announcePresence(file, () => Promise.resolve())
      expect(second.isAlone).toBe(true)
      second.release()
    })
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
    expect(await store.runs.admit(admission)).toMatchObject({ outcome: 'admitted' })
  })

  test('is not ready while its disk is full, though it can be read, and tells when there is room', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const changes: boolean[] = []
    const database = await openSqlite({ file: newFile(), onChange: (isUsable) => changes.push(isUsable) })
    try {
      const { check } = sqlDependency(database)
      const { conversation } = await create(database)
      await sql`pragma max_page_count = 1`.execute(database.kysely)
      const admission = stored.question(stored.newRun(conversation), 'x'.repeat(1_000_000))
      for (let tries = 0; tries < 2; tries += 1)
        await expect(sqlStore(database).runs.admit(admission)).rejects.toThrow()
      expect(changes).toEqual([false])
      await expect(check()).rejects.toMatchObject({ code: 'store-unavailable' })
      await sql`pragma max_page_count = 1000000`.execute(database.kysely)
      await vi.advanceTimersByTimeAsync(500)
      await expect.poll(() => changes).toEqual([false, true])
      await check()
    } finally {
      vi.useRealTimers()
      await database.close()
    }
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
    ['orphans', 'orphans', 'INDEX runs_leased'],
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
  database.function(NOW, Date.now)
  const steps = statements.flatMap((text) => database.prepare(`explain query plan ${text}`).all())
  database.close()
  return steps.map(({ detail }) => String(detail)).join('\n')
}
