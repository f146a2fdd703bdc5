import { describe, expect, it } from 'vitest'
import { createFakePlatform } from '../testing/fake-platform.js'
import { createMemoryStorage } from './memory-storage.js'
import { safeStorage } from './safe-storage.js'
import type { ChatStorage } from './storage.js'

/** A storage that answers a read when it is told to, on a page that can sleep. */
function scene(broken: Partial<ChatStorage> = {}) {
  const platform = createFakePlatform()
  let slept = 0
  let answer = (): void => {}
  const slow: ChatStorage = {
    ...createMemoryStorage(),
    get: () => new Promise((resolve) => (answer = () => resolve(undefined))),
    ...broken,
  }
  const failures: unknown[] = []
  const page = { after: platform.after, now: () => platform.now() + slept }
  const storage = safeStorage(page, slow, (error) => failures.push(error))
  return { platform, storage, failures, answer: () => answer(), sleep: (ms: number) => void (slept += ms) }
}

describe('a storage that is made safe', () => {
  it('is given up when it does not answer within five seconds, once and for all', async () => {
    const { platform, storage, failures } = scene()
    const read = storage.get('meta', 'a')
    await platform.advance(4999)
    expect(failures).toEqual([])
    await platform.advance(1)
    expect(await read).toBeUndefined()
    await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    expect(await storage.get('meta', 'a')).toEqual({ id: 'a', value: 1 })
    expect(failures).toHaveLength(1)
    expect(platform.pendingTimers()).toBe(0)
  })

  it('is not given up because the page slept while it answered', async () => {
    const { platform, storage, failures, answer, sleep } = scene()
    const read = storage.get('meta', 'a')
    sleep(3_600_000)
    await platform.advance(5000)
    answer()
    expect(await read).toBeUndefined()
    expect(failures).toEqual([])
    expect(platform.pendingTimers()).toBe(0)
  })

  it('is given up at its first failure, and what was asked is done in memory', async () => {
    const { storage, failures } = scene({ write: () => Promise.reject(new Error('full')) })
    await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    await storage.write([{ put: 'meta', record: { id: 'b', value: 2 } }])
    expect((await storage.list('meta')).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(failures).toEqual([new Error('full')])
  })

  it('is given up once by all that waits for it, and keeps what was written after the first of them failed', async () => {
    const { platform, storage, failures } = scene()
    const first = storage.get('meta', 'a')
    await platform.advance(1000)
    const second = storage.get('meta', 'b')
    await platform.advance(4000)
    await first
    await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    await platform.advance(1000)
    expect(await second).toBeUndefined()
    expect(await storage.get('meta', 'a')).toEqual({ id: 'a', value: 1 })
    expect(failures).toHaveLength(1)
  })

  it('is cleared although it was given up, so that nothing stays of what it kept before', async () => {
    const kept = createMemoryStorage()
    let isFull = false
    const { storage, failures } = scene({
      ...kept,
      write: (changes) => (isFull ? Promise.reject(new Error('full')) : kept.write(changes)),
    })
    await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
    isFull = true
    await storage.write([{ put: 'meta', record: { id: 'b', value: 2 } }])
    await storage.write([{ clear: true }])
    expect(await storage.list('meta')).toEqual([])
    expect(await kept.list('meta'), 'not even that was possible').toHaveLength(1)
    isFull = false
    await storage.write([{ clear: true }])
    expect(await kept.list('meta')).toEqual([])
    await storage.write([{ put: 'meta', record: { id: 'c', value: 3 } }])
    expect((await kept.list('meta')).map(({ id }) => id)).toEqual(['c'])
    expect(failures, 'told when it was given up, and when not even that was possible').toHaveLength(2)
  })
})
