import { describe, expect, it, vi } from 'vitest'
import { createFakePlatform } from '../testing/fake-platform.js'
import { createStore } from './store.js'

function scene() {
  const platform = createFakePlatform()
  const source = { value: 0 }
  const store = createStore<{ value: number }>(
    (current) => (current?.value === source.value ? current : { value: source.value }),
    (task) => platform.frame(task),
  )
  return { platform, source, store }
}

describe('a store', () => {
  it('notifies once per frame, however often it was touched', async () => {
    const { platform, source, store } = scene()
    const listener = vi.fn()
    store.subscribe(listener)
    for (let count = 1; count <= 1000; count += 1) {
      source.value = count
      store.touch()
    }
    expect(store.getSnapshot()).toEqual({ value: 0 })
    await platform.advance(16)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toEqual({ value: 1000 })
  })

  it('stays silent when nothing has changed in the end', async () => {
    const { platform, store } = scene()
    const listener = vi.fn()
    store.subscribe(listener)
    const before = store.getSnapshot()
    store.touch()
    await platform.advance(16)
    expect(listener).not.toHaveBeenCalled()
    expect(store.getSnapshot()).toBe(before)
  })

  it('tells the other listeners when one throws, and lets the error surface', async () => {
    const { source, store } = scene()
    const surfaced: unknown[] = []
    const real = globalThis.queueMicrotask
    vi.stubGlobal('queueMicrotask', (task: () => void) =>
      real(() => {
        try {
          task()
        } catch (error) {
          surfaced.push(error)
        }
      }),
    )
    const second = vi.fn()
    store.subscribe(() => {
      throw new Error('from a listener')
    })
    store.subscribe(second)
    source.value = 1
    store.show()
    await Promise.resolve()
    vi.unstubAllGlobals()
    expect(second).toHaveBeenCalledTimes(1)
    expect(surfaced).toEqual([new Error('from a listener')])
  })

  it('calls nobody after unsubscribe or destroy', async () => {
    const { platform, source, store } = scene()
    const first = vi.fn()
    const second = vi.fn()
    store.subscribe(first)()
    store.subscribe(second)
    source.value = 1
    store.touch()
    store.destroy()
    await platform.advance(100)
    expect(first).not.toHaveBeenCalled()
    expect(second).not.toHaveBeenCalled()
  })
})
