import { expect } from 'chai'
import { openStorage } from './open-storage.js'

const key = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

describe('sealed history', () => {
  it('where the browser forbids databases fails with each use, and keeps nobody from chatting', async () => {
    const { deleteDatabase, open } = IDBFactory.prototype
    const refuse = (): never => {
      throw new DOMException('Not here.', 'SecurityError')
    }
    Object.assign(IDBFactory.prototype, { deleteDatabase: refuse, open: refuse })
    try {
      const storage = openStorage('open-storage-test', await key())
      const uses = [
        storage.get('meta', 'a'),
        storage.list('meta'),
        storage.messagesOf('a'),
        storage.write([]),
      ]
      const results = await Promise.allSettled(uses)
      expect(results.map(({ status }) => status)).to.deep.equal(Array(4).fill('rejected'))
    } finally {
      Object.assign(IDBFactory.prototype, { deleteDatabase, open })
    }
  })

  it('leaves nothing in the clear of what lay there before', async () => {
    const name = 'open-storage-test-clear'
    await openStorage(name, null).write([{ put: 'meta', record: { id: 'a', value: 'In the clear' } }])
    const storage = openStorage(name, await key())
    await storage.write([{ put: 'meta', record: { id: 'b', value: 'Sealed' } }])
    expect((await storage.get('meta', 'b'))?.value).to.equal('Sealed')
    expect((await indexedDB.databases()).map((each) => each.name))
      .to.include(`${name} (sealed)`)
      .and.not.include(name)
    indexedDB.deleteDatabase(`${name} (sealed)`)
  })
})
