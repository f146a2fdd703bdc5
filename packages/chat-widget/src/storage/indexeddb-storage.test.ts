import { expect } from 'chai'
import { storageSuite } from '@colloquy/chat-core/testing'
import { deleteDB, openDB } from 'idb'
import { createIndexedDbStorage } from './indexeddb-storage.js'
import { MIGRATIONS, type Migration } from './schema.js'

let count = 0
const freshName = (): string => `storage-test-${Date.now()}-${(count += 1)}`

describe('IndexedDB storage', () => {
  const used: string[] = []

  function fresh(): string {
    const name = freshName()
    used.push(name)
    return name
  }

  after(async () => {
    await Promise.all(used.map((name) => deleteDB(name)))
  })

  for (const { name, run } of storageSuite) {
    it(name, () => run(createIndexedDbStorage(fresh())))
  }

  it('has what was written before, in another page', async () => {
    const name = fresh()
    await createIndexedDbStorage(name).write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    expect(await createIndexedDbStorage(name).get('meta', 'a')).to.deep.equal({ id: 'a', value: 1 })
  })

  it('writes all changes or none', async () => {
    const storage = createIndexedDbStorage(fresh())
    const unstorable = { id: 'b', value: () => 1 }
    const result = await storage
      .write([
        { put: 'meta', record: { id: 'a', value: 1 } },
        { put: 'meta', record: unstorable },
      ])
      .catch((error: unknown) => error)
    expect(result).to.be.instanceOf(DOMException)
    expect(await storage.list('meta')).to.deep.equal([])
  })

  it('upgrades a database of an older version and keeps what is in it', async () => {
    const name = fresh()
    const ran: string[] = []
    const later: Migration = (_database, transaction) => {
      ran.push('later')
      transaction.objectStore('conversations').createIndex('by-title' as never, 'title')
    }
    const old = createIndexedDbStorage(name)
    const record = { id: 'c_1', title: 'kept', createdAt: 1, updatedAt: 2 }
    await old.write([{ put: 'conversations', record }])
    const upgraded = createIndexedDbStorage(name, [...MIGRATIONS, later])
    expect(await upgraded.list('conversations')).to.deep.equal([record])
    expect(await upgraded.list('conversations')).to.deep.equal([record])
    expect(ran).to.deep.equal(['later'])
  })

  it('rejects when a newer version of the widget wrote the database', async () => {
    const name = fresh()
    const newer = await openDB(name, MIGRATIONS.length + 5)
    newer.close()
    const result = await createIndexedDbStorage(name)
      .list('meta')
      .catch((error: unknown) => error)
    expect(result).to.be.instanceOf(DOMException).with.property('name', 'VersionError')
  })

  it('lets a newer version in and can be used again after it closed', async () => {
    const name = fresh()
    const storage = createIndexedDbStorage(name)
    await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    await deleteDB(name)
    expect(await storage.list('meta')).to.deep.equal([])
  })
})
