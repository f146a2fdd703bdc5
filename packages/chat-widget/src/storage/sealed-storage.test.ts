import { expect } from 'chai'
import { createMemoryStorage, type StorageChange } from '@colloquy/chat-core/history'
import { storageSuite } from '@colloquy/chat-core/testing'
import { deleteDB } from 'idb'
import { createIndexedDbStorage } from './indexeddb-storage.js'
import { sealedStorage } from './sealed-storage.js'

const newKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

const message = (id: string, content: string): StorageChange => ({
  put: 'messages',
  record: {
    id,
    conversationId: 'c_1',
    position: 1,
    role: 'user',
    content,
    status: 'done',
    createdAt: 1,
    parentId: null,
    runId: null,
  },
})

describe('sealed storage', () => {
  const names: string[] = []
  after(() => Promise.all(names.map((name) => deleteDB(name))))

  for (const { name, run } of storageSuite) {
    it(`${name}, in the browser’s database`, async () => {
      const database = `sealed-test-${Date.now()}-${names.length}`
      names.push(database)
      await run(sealedStorage(createIndexedDbStorage(database), await newKey()))
    })
  }

  it('leaves no word of what people write in what is kept', async () => {
    const inner = createMemoryStorage()
    const storage = sealedStorage(inner, await newKey())
    await storage.write([
      message('m_1', 'A secret'),
      { put: 'conversations', record: { id: 'c_1', title: 'About a secret', createdAt: 1, updatedAt: 1 } },
      { put: 'meta', record: { id: 'session', value: { token: 'secret' } } },
    ])
    const kept = [
      ...(await inner.list('messages')),
      ...(await inner.list('conversations')),
      ...(await inner.list('meta')),
    ]
    const bytes = kept.map((record) => {
      const { sealed, ...rest } = record as unknown as { sealed: ArrayBuffer } // as it lies there
      return JSON.stringify(rest) + new TextDecoder('latin1').decode(sealed)
    })
    expect(bytes).to.have.length(4)
    expect(bytes.join('\n')).not.to.match(/secret/)
  })

  it('seals the same record differently each time', async () => {
    const inner = createMemoryStorage()
    const storage = sealedStorage(inner, await newKey())
    const ivs = new Set<string>()
    for (let index = 0; index < 3; index += 1) {
      await storage.write([message('m_1', 'Hello')])
      const record = (await inner.get('messages', 'm_1')) as unknown as { iv: Uint8Array } // as it lies there
      ivs.add(String(record.iv))
    }
    expect(ivs.size).to.equal(3)
  })

  it('is there again for who has the key', async () => {
    const inner = createMemoryStorage()
    const key = await newKey()
    await sealedStorage(inner, key).write([message('m_1', 'Hello')])
    const [again] = await sealedStorage(inner, key).messagesOf('c_1')
    expect(again?.content).to.equal('Hello')
  })

  it('shows nothing to another key, and is cleared by it', async () => {
    const inner = createMemoryStorage()
    const mine = await newKey()
    await sealedStorage(inner, mine).write([message('m_1', 'Hello')])
    expect(await sealedStorage(inner, await newKey()).list('messages')).to.deep.equal([])
    expect(await inner.list('messages')).to.deep.equal([])
    expect(await sealedStorage(inner, mine).list('messages')).to.deep.equal([])
  })

  it('takes nothing that lay there in the clear', async () => {
    const inner = createMemoryStorage()
    await inner.write([message('m_1', 'Hello')])
    expect(await sealedStorage(inner, await newKey()).list('messages')).to.deep.equal([])
    expect(await inner.list('messages')).to.deep.equal([])
  })

  it('gives out no record that was changed or moved, and all the others', async () => {
    const inner = createMemoryStorage()
    const storage = sealedStorage(inner, await newKey())
    await storage.write([message('m_1', 'One'), message('m_2', 'Two'), message('m_3', 'Three')])
    const moved = await inner.get('messages', 'm_1')
    const broken = await inner.get('messages', 'm_3')
    if (!moved || !broken) throw new Error('not kept')
    const { sealed } = broken as unknown as { sealed: ArrayBuffer } // as it lies there
    new DataView(sealed).setUint8(0, new DataView(sealed).getUint8(0) ^ 1)
    await inner.write([
      { put: 'messages', record: { ...moved, id: 'm_4' } },
      { put: 'messages', record: broken },
    ])
    expect((await storage.messagesOf('c_1')).map(({ id }) => id)).to.deep.equal(['m_1', 'm_2'])
    expect(await storage.get('messages', 'm_4')).to.equal(undefined)
  })
})
