import { describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { Batch, SerialQueue } from './batch.js'
import { SqlError } from './sql-error.js'

/** A flush that the test lets go on. */
function heldFlush() {
  const batches: (readonly number[])[] = []
  const held: { resolve: () => void; reject: (error: Error) => void }[] = []
  const flush = (items: readonly number[]): Promise<readonly string[]> => {
    batches.push([...items])
    return new Promise((resolve, reject) =>
      held.push({ resolve: () => resolve(items.map((item) => `did ${item}`)), reject }),
    )
  }
  return { batches, held, flush }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await turn()
}

describe('Batch', () => {
  test('does together what is asked for in one turn, and then what came while it was busy', async () => {
    const { batches, held, flush } = heldFlush()
    const batch = new Batch(new SerialQueue(), flush)
    const first = [batch.add(1), batch.add(2)]
    await turns()
    const second = [batch.add(3)]
    await turns()
    second.push(batch.add(4))
    await turns()
    expect(batches).toEqual([[1, 2]])
    held[0]?.resolve()
    expect(await Promise.all(first)).toEqual(['did 1', 'did 2'])
    await turns()
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ])
    held[1]?.resolve()
    await Promise.all(second)
  })

  test('a batch that fails is told to those in it and to nobody else', async () => {
    const { held, flush } = heldFlush()
    const batch = new Batch(new SerialQueue(), flush)
    const first = [batch.add(1), batch.add(2)]
    await turns()
    const second = batch.add(3)
    held[0]?.reject(new Error('disk full'))
    for (const result of await Promise.allSettled(first)) expect(result.status).toBe('rejected')
    await turns()
    held[1]?.resolve()
    await second
  })
})

describe('Batch of which one item is at fault', () => {
  const faulty =
    (fault: () => Error, seen: (readonly number[])[] = []) =>
    async (items: readonly number[]): Promise<readonly number[]> => {
      seen.push([...items])
      if (items.includes(2)) throw fault()
      return items.map((item) => item * 10)
    }
  const outcomes = async (batch: Batch<number, number>) =>
    (await Promise.allSettled([1, 2, 3].map((item) => batch.add(item)))).map((result) =>
      result.status === 'fulfilled' ? result.value : 'failed',
    )

  test('does the others all the same', async () => {
    const batch = new Batch(
      new SerialQueue(),
      faulty(() => new SqlError('22P05')),
    )
    expect(await outcomes(batch)).toEqual([10, 'failed', 30])
  })

  test('does not ask again and again what cannot be used', async () => {
    const seen: (readonly number[])[] = []
    const batch = new Batch(
      new SerialQueue(),
      faulty(() => new DomainError('store-unavailable', 'away'), seen),
    )
    expect(await outcomes(batch)).toEqual(['failed', 'failed', 'failed'])
    expect(seen).toEqual([[1, 2, 3]])
  })

  test('does no more at once than it may', async () => {
    const seen: (readonly number[])[] = []
    const batch = new Batch(
      new SerialQueue(),
      faulty(() => new SqlError('22P05'), seen),
      2,
    )
    await Promise.all([1, 3, 5].map((item) => batch.add(item)))
    expect(seen).toEqual([[1, 3], [5]])
  })
})

test('a queue runs one task at a time, in order, also after a failed one', async () => {
  const queue = new SerialQueue()
  const seen: string[] = []
  const task =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`)
      await turn()
      seen.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const results = await Promise.allSettled([
    queue.run(task('a')),
    queue.run(task('b', true)),
    queue.run(task('c')),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})
