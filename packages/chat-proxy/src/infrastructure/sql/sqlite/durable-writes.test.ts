import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as stored from '../../../domain/ports/testing/stored-records.js'
import type { SqlDatabase } from '../sql-database.js'
import { sqlStore } from '../testing/sql-store.js'
import { openSqlite } from './open-sqlite.js'
import { LARGEST_LOG } from './write-ahead-log.js'

let folder: string
let file: string
let database: SqlDatabase
/** What the disk does each time that it is asked to write. */
let disk: (call: number) => Promise<void>
let syncs: number
/** What was told of the disk. */
let changes: boolean[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colloquy-durable-'))
  file = join(folder, 'chat.db')
  disk = () => Promise.resolve()
  syncs = 0
  changes = []
  database = await openSqlite({
    file,
    sync: () => disk(++syncs),
    onChange: (isUsable) => changes.push(isUsable),
  })
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

/** A disk that does nothing until it is told to. */
function holdDisk() {
  const held: { resolve: () => void; reject: (error: Error) => void }[] = []
  disk = () => new Promise((resolve, reject) => held.push({ resolve, reject }))
  return { held }
}
const ioError = (): Error => Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fdatasync' })
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}
const conversation = async () => {
  const created = stored.newConversation(stored.newOwner())
  await sqlStore(database).conversations.create(created, stored.created(created))
  return created
}
const question = async () => {
  const run = stored.newRun(await conversation())
  return { run, admission: stored.question(run, 'Hello') }
}

describe('what is acknowledged is on the disk', () => {
  test('a question when it is accepted and an answer when it has ended; the text on its way only in the file', async () => {
    const { runs } = sqlStore(database)
    const { run, admission } = await question()
    const ref = stored.refOf(run)
    const end = stored.completed('The answer.')
    const { held } = holdDisk()
    const done: string[] = []
    const note = async (what: string, work: Promise<unknown>): Promise<void> => {
      await work
      done.push(what)
    }

    const admitted = note('admitted', runs.admit(admission))
    await expect.poll(() => held.length).toBe(1)
    // It stands in the file, but it is not answered.
    expect(await runs.find(run, run.id)).toEqual(run)
    await note('saved', runs.checkpoint([{ run: ref, progress: stored.progress('Half an') }]))
    expect(done).toEqual(['saved'])
    held[0]?.resolve()
    await admitted
    const ended = note('ended', runs.end(ref, end, stored.ended(run, end)))
    await expect.poll(() => held.length).toBe(2)
    await turns()
    expect(done).toEqual(['saved', 'admitted'])
    held[1]?.resolve()
    await ended
  })

  test('and nothing of it is missing on a disk that has kept only what it was asked to write', async () => {
    const kept = join(folder, 'disk')
    await mkdir(kept)
    let newest = ''
    // As a disk that loses all that is written to it after it was asked.
    disk = async (call) => {
      const state = join(kept, `${call}`)
      await copyFile(file, `${state}.db`)
      await copyFile(`${file}-wal`, `${state}.db-wal`)
      newest = `${state}.db`
    }
    const { runs } = sqlStore(database)
    const questions = await Promise.all(Array.from({ length: 5 }, question))
    const before = syncs
    await Promise.all(
      questions.map(async ({ run, admission }, index) => {
        for (let i = 0; i < index; i++) await turns()
        await runs.admit(admission)
        const after = new DatabaseSync(newest)
        expect(after.prepare('select count(*) as n from runs where id = ?').get(run.id)).toEqual({ n: 1 })
        after.close()
      }),
    )
    expect(syncs).toBeGreaterThan(before)
  })

  test('one sync is for all that was committed before it began', async () => {
    const { runs } = sqlStore(database)
    const questions = await Promise.all(Array.from({ length: 6 }, question))
    const { held } = holdDisk()
    const [first, ...others] = questions
    const admitted = [runs.admit(first?.admission ?? expect.fail())]
    await expect.poll(() => held.length).toBe(1)
    for (const { run, admission } of others) {
      admitted.push(runs.admit(admission))
      await expect.poll(() => runs.find(run, run.id)).not.toBeNull()
    }
    expect(held).toHaveLength(1)
    held[0]?.resolve()
    expect(await admitted[0]).toMatchObject({ outcome: 'admitted' })
    await expect.poll(() => held.length).toBe(2)
    held[1]?.resolve()
    for (const each of await Promise.all(admitted)) expect(each).toMatchObject({ outcome: 'admitted' })
    expect(held).toHaveLength(2)
  })
})

describe('a disk that refuses', () => {
  const unavailable = { code: 'store-unavailable', retryAfter: 1, cause: { code: 'EIO' } }

  test('acknowledges nothing that waits for it, also when it takes the next, and is used again once all is there by another way', async () => {
    const { runs } = sqlStore(database)
    const [one, two, three] = [await question(), await question(), await question()]
    const { held } = holdDisk()
    const first = runs.admit(one.admission)
    await expect.poll(() => held.length).toBe(1)
    const second = runs.admit(two.admission)
    await expect.poll(() => runs.find(two.run, two.run.id)).not.toBeNull()
    const failing = Promise.all([
      expect(first).rejects.toMatchObject(unavailable),
      expect(second).rejects.toMatchObject(unavailable),
    ])
    held[0]?.reject(ioError())
    await failing
    await expect(database.use('', () => Promise.resolve())).rejects.toMatchObject(unavailable)
    // What was not acknowledged went into the database itself, and the log was begun anew, before the disk was asked again.
    await expect.poll(() => held.length).toBe(2)
    const inDatabase = await readFile(file, 'latin1')
    for (const { run } of [one, two]) expect(inDatabase).toContain(run.id)
    expect(changes).toEqual([false])
    held[1]?.resolve()
    await expect.poll(() => changes).toEqual([false, true])
    disk = () => Promise.resolve()
    expect(await runs.admit(one.admission)).toMatchObject({ outcome: 'exists' })
    expect(await runs.admit(three.admission)).toMatchObject({ outcome: 'admitted' })
  })

  test('stays away while it goes on refusing', async () => {
    const { runs } = sqlStore(database)
    const { admission } = await question()
    let isBroken = true
    disk = () => (isBroken ? Promise.reject(ioError()) : Promise.resolve())
    await expect(runs.admit(admission)).rejects.toMatchObject(unavailable)
    await expect.poll(() => syncs).toBeGreaterThan(3)
    await expect(runs.admit(admission)).rejects.toMatchObject(unavailable)
    expect(changes).toEqual([false])
    isBroken = false
    await expect.poll(() => changes).toEqual([false, true])
    expect(await runs.admit(admission)).toMatchObject({ outcome: 'exists' })
  })
})

describe('the log', () => {
  const logSize = async (): Promise<number> => (await stat(`${file}-wal`)).size
  /** Several times what the log should hold. */
  const writeMuch = async (): Promise<void> => {
    const { runs } = sqlStore(database)
    for (let i = 0; i < 12; i++) {
      const run = stored.newRun(await conversation())
      await runs.admit(stored.question(run, 'x'.repeat(LARGEST_LOG / 4)))
    }
  }

  test('does not grow without end, and is moved without anybody taking it for another process', async () => {
    await writeMuch()
    await expect.poll(logSize).toBeLessThanOrEqual(LARGEST_LOG)
    expect((await stat(file)).size).toBeGreaterThan(2 * LARGEST_LOG)
    expect(database.isShared()).toBe(false)
  })

  test('is gone once the database is closed, also when it was being moved', async () => {
    await writeMuch()
    await database.close()
    await turns()
    expect((await readdir(folder)).filter((name) => name.startsWith('chat.db-'))).toEqual([
      'chat.db-presence',
    ])
  })

  test('that somebody is reading grows as long as that lasts, and no longer', async () => {
    const reader = new DatabaseSync(file)
    reader.exec('begin')
    reader.prepare('select count(*) from messages').get()
    await writeMuch()
    expect(await logSize()).toBeGreaterThan(2 * LARGEST_LOG)
    reader.exec('rollback')
    reader.close()
    await expect.poll(async () => (await conversation()) && logSize()).toBeLessThanOrEqual(LARGEST_LOG)
  })
})
