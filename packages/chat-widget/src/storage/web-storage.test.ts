import { createWebStorage } from '@colloquy/chat-core/history'
import { storageSuite } from '@colloquy/chat-core/testing'
import { expect } from 'chai'

/** chat-core's own, here because it needs a browser. */
describe('storage on localStorage', () => {
  let count = 0
  const freshName = (): string => `web-storage-test-${(count += 1)}`

  beforeEach(() => localStorage.clear())
  after(() => localStorage.clear())

  for (const { name, run } of storageSuite) it(name, () => run(createWebStorage(freshName())))

  it('has what was written before, in another page', async () => {
    const name = freshName()
    await createWebStorage(name).write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    expect(await createWebStorage(name).get('meta', 'a')).to.deep.equal({ id: 'a', value: 1 })
  })

  it('writes all changes or none when the browser has no more room', async () => {
    const storage = createWebStorage(freshName())
    await storage.write([{ put: 'meta', record: { id: 'a', value: 'before' } }])
    const result = await storage
      .write([
        { put: 'meta', record: { id: 'a', value: 'after' } },
        { remove: 'meta', id: 'a' },
        { put: 'meta', record: { id: 'b', value: 'x'.repeat(20_000_000) } },
      ])
      .catch((error: unknown) => error)
    expect(result).to.have.property('name', 'QuotaExceededError')
    expect(await storage.list('meta')).to.deep.equal([{ id: 'a', value: 'before' }])
  })

  it('keeps chats of other names, and what the page keeps itself', async () => {
    localStorage.setItem('basket', 'full')
    const [mine, theirs] = [createWebStorage('a'), createWebStorage('a","meta')]
    await mine.write([{ put: 'meta', record: { id: 'x', value: 1 } }])
    await theirs.write([{ put: 'meta', record: { id: 'y', value: 2 } }])
    await mine.write([{ clear: true }])
    expect(await mine.list('meta')).to.deep.equal([])
    expect(await theirs.list('meta')).to.deep.equal([{ id: 'y', value: 2 }])
    expect(localStorage.getItem('basket')).to.equal('full')
  })

  it('has nothing where another program wrote over its records', async () => {
    const storage = createWebStorage(freshName())
    await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{')
    expect(await storage.get('meta', 'a')).to.equal(undefined)
    expect(await storage.list('meta')).to.deep.equal([])
  })

  it('rejects where the browser forbids storage', async () => {
    const storage = createWebStorage('x', () => {
      throw new DOMException('Access is denied.', 'SecurityError')
    })
    for (const use of [storage.get('meta', 'a'), storage.list('meta'), storage.write([])])
      expect(await use.catch((error: unknown) => error)).to.have.property('name', 'SecurityError')
  })
})
