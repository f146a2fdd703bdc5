import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sleep } from './sleep.js'
import { SystemClock } from './system-clock.js'
import { FakeClock } from './testing/fake-clock.js'

describe('SystemClock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('tells the time of the machine', () => {
    vi.setSystemTime(1_234_567)
    expect(new SystemClock().now()).toBe(1_234_567)
  })

  test('runs a task once when its time has come', () => {
    const task = vi.fn()
    new SystemClock().after(50, task)
    vi.advanceTimersByTime(49)
    expect(task).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(task).toHaveBeenCalledTimes(1)
  })

  test('does not run a cancelled task', () => {
    const task = vi.fn()
    new SystemClock().after(50, task)()
    vi.advanceTimersByTime(1000)
    expect(task).not.toHaveBeenCalled()
  })

  test('waits for longer than one timer can', () => {
    const task = vi.fn()
    const days = 24 * 3600 * 1000
    new SystemClock().after(90 * days, task)
    vi.advanceTimersByTime(90 * days - 1)
    expect(task).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(task).toHaveBeenCalledTimes(1)
  })

  test('cancels also after the first of several timers', () => {
    const task = vi.fn()
    const days = 24 * 3600 * 1000
    const cancel = new SystemClock().after(90 * days, task)
    vi.advanceTimersByTime(60 * days)
    cancel()
    vi.advanceTimersByTime(60 * days)
    expect(task).not.toHaveBeenCalled()
  })
})

test('a waiting task does not keep the process alive', () => {
  const unref = vi.spyOn(Object.getPrototypeOf(setTimeout(() => {}, 0)), 'unref')
  new SystemClock().after(1, () => {})
  expect(unref).toHaveBeenCalledTimes(1)
  unref.mockRestore()
})

describe('sleep', () => {
  test('ends with the time', async () => {
    const clock = new FakeClock()
    let awake = false
    void sleep(clock, 10, new AbortController().signal).then(() => (awake = true))
    await clock.advanceAsync(9)
    expect(awake).toBe(false)
    await clock.advanceAsync(1)
    expect(awake).toBe(true)
  })

  test('ends with the signal and leaves no timer behind', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const sleeping = sleep(clock, 1_000_000, controller.signal)
    controller.abort()
    await sleeping
    expect(clock.pending).toBe(0)
  })

  test('does not start when the signal has aborted already', async () => {
    const clock = new FakeClock()
    await sleep(clock, 10, AbortSignal.abort())
    expect(clock.pending).toBe(0)
  })
})

describe('FakeClock', () => {
  test('runs tasks in order of time, also those that a task arms', () => {
    const clock = new FakeClock(0)
    const seen: string[] = []
    clock.after(20, () => seen.push(`b@${clock.now()}`))
    clock.after(10, () => {
      seen.push(`a@${clock.now()}`)
      clock.after(5, () => seen.push(`c@${clock.now()}`))
    })
    clock.advance(30)
    expect(seen).toEqual(['a@10', 'c@15', 'b@20'])
    expect(clock.now()).toBe(30)
  })

  test('leaves what is not due', () => {
    const clock = new FakeClock(0)
    clock.after(11, () => {})
    clock.advance(10)
    expect(clock.pending).toBe(1)
  })
})
