import { expect, test, vi } from 'vitest'
import { TurnEnd } from './turn-end.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('does everything at the end of the turn, in order, what is added on the way right behind it', async () => {
  const turnEnd = new TurnEnd()
  const done: string[] = []
  turnEnd.add(() => {
    done.push('first')
    turnEnd.add(() => done.push('added on the way'))
  })
  turnEnd.add(() => done.push('second'))
  expect(done).toEqual([])
  await turn()
  expect(done).toEqual(['first', 'second', 'added on the way'])
  turnEnd.add(() => done.push('in the next turn'))
  await turn()
  expect(done.at(-1)).toBe('in the next turn')
})

test('a task that throws takes none of the others with it, and is heard of', async () => {
  vi.useFakeTimers({ toFake: ['setImmediate'] })
  const turnEnd = new TurnEnd()
  const other = vi.fn()
  turnEnd.add(() => {
    throw new Error('broken')
  })
  turnEnd.add(other)
  expect(() => vi.runAllTimers()).toThrow('broken')
  vi.runAllTimers()
  expect(other).toHaveBeenCalledTimes(1)
  vi.useRealTimers()
})
