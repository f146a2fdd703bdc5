import { describe, expect, it } from 'vitest'
import { storageSuite } from '../testing/storage-suite.js'
import { createMemoryStorage } from './memory-storage.js'
import { sharedStorage } from './shared-storage.js'
import type { StorageChange } from './storage.js'

const value = (id: string): StorageChange => ({ put: 'meta', record: { id, value: 1 } })

/** What two pages have of one storage. */
function scene() {
  const shared = createMemoryStorage()
  const [here, there] = [sharedStorage(shared), sharedStorage(shared)]
  const told: string[] = []
  here.onCleared?.(() => told.push('here'))
  there.onCleared?.(() => told.push('there'))
  return { here, there, told }
}

describe('a storage that pages share', () => {
  for (const { name, run } of storageSuite) it(name, () => run(sharedStorage(createMemoryStorage())))

  it('takes nothing from a page that knew what another page has cleared, and tells it so', async () => {
    const { here, there, told } = scene()
    await there.write([value('a')])
    await here.list('meta')
    await there.write([{ clear: true }])
    await there.write([value('b')])
    await here.write([value('a')])
    expect(await there.list('meta')).toEqual([{ id: 'b', value: 1 }])
    expect(told).toEqual(['here'])
  })

  it('takes again what a page writes once it has let go of that, and then tells it nothing', async () => {
    const { here, there, told } = scene()
    await here.write([value('a')])
    await there.write([{ clear: true }, value('b')])
    await Promise.all([here.write([{ clear: true }]), here.write([value('c')])])
    expect((await there.list('meta')).map(({ id }) => id)).toEqual(['b', 'c'])
    expect(told).toEqual([])
  })

  it('is cleared once by several parts of a page, though another page has written meanwhile', async () => {
    const { here, there } = scene()
    await here.write([value('a')])
    await Promise.all([
      here.write([{ clear: true }]),
      there.write([value('b')]),
      here.write([{ clear: true }]),
    ])
    await here.write([value('c')])
    expect((await here.list('meta')).map(({ id }) => id)).toContain('c')
  })

  it('is not cleared a second time by another part of the page, when somebody new has written behind the first', async () => {
    const { here, there, told } = scene()
    await here.write([value('a')])
    await here.write([{ clear: true }])
    await there.write([value('b')])
    await here.write([{ clear: true }])
    expect(await there.list('meta')).toEqual([{ id: 'b', value: 1 }])
    expect(told).toEqual([])
  })

  it('rejects what cannot be written for another reason', async () => {
    const shared = createMemoryStorage()
    const full = { ...shared, write: () => Promise.reject(new Error('full')) }
    await shared.write([{ put: 'meta', record: { id: 'visit_1', value: null } }])
    await expect(sharedStorage(full).write([value('a')])).rejects.toThrow('full')
  })
})
