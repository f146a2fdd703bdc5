import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WriteWatch } from './write-watch.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** As node:sqlite tells of a result code. */
const sqliteError = (errcode: number): Error => Object.assign(new Error('refused'), { errcode })
const FULL = 13
const CONSTRAINT = 2067

const open = () => {
  const changes: boolean[] = []
  const disk = { isFull: false, probes: 0 }
  const write = async (errcode = FULL): Promise<void> => {
    if (disk.isFull) throw sqliteError(errcode)
  }
  const probe = (): Promise<void> => {
    disk.probes += 1
    return write()
  }
  const watch = new WriteWatch({ probe, onChange: (takesWrites) => void changes.push(takesWrites) })
  return { watch, disk, changes, write }
}

test('a disk that is full is told of once, and tried until it takes something', async () => {
  const { watch, disk, changes, write } = open()
  disk.isFull = true
  for (let tries = 0; tries < 3; tries += 1)
    await expect(watch.watch(() => write())).rejects.toThrow('refused')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(watch.takesWrites).toBe(false)
  expect(disk.probes).toBe(10)
  disk.isFull = false
  // Perhaps it had nothing to write.
  await watch.watch(() => write())
  expect(changes).toEqual([false])
  await vi.advanceTimersByTimeAsync(500)
  expect(changes).toEqual([false, true])
  expect(watch.takesWrites).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('a statement that is refused for itself says nothing of the disk', async () => {
  const { watch, disk, changes, write } = open()
  disk.isFull = true
  await expect(watch.watch(() => write(CONSTRAINT))).rejects.toThrow('refused')
  expect(changes).toEqual([])
})

test('once closed it tries nothing more', async () => {
  const { watch, disk, write } = open()
  disk.isFull = true
  await expect(watch.watch(() => write())).rejects.toThrow('refused')
  watch.close()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(disk.probes).toBe(0)
})
