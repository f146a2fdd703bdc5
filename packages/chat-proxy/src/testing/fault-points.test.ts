import { describe, expect, test } from 'vitest'
import { FaultPoints } from './fault-points.js'

class Counter {
  #value = 0

  get value(): number {
    return this.#value
  }

  async add(amount: number): Promise<number> {
    this.#value += amount
    return this.#value
  }

  async *upTo(end: number): AsyncGenerator<number> {
    for (let i = 1; i <= end; i += 1) yield i
  }

  double(): number {
    return this.#value * 2
  }
}

const broken = (): Error => new Error('broken')

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = []
  for await (const item of items) taken.push(item)
  return taken
}

describe('FaultPoints', () => {
  test('counts the calls of every port, in order, and lets them through', async () => {
    const points = new FaultPoints()
    const [a, b] = [new Counter(), new Counter()]
    const [first, second] = [points.wrap('a', a, ['add'], ['upTo']), points.wrap('b', b, ['add'])]
    expect(await first.add(2)).toBe(2)
    expect(await second.add(3)).toBe(3)
    expect(await all(first.upTo(3))).toEqual([1, 2, 3])
    expect(points.calls).toEqual(['a.add', 'b.add', 'a.upTo'])
  })

  test('does not do the call that is refused', async () => {
    const points = new FaultPoints()
    const counter = points.wrap('counter', new Counter(), ['add'])
    points.fail(2, 'refused', broken)
    await counter.add(1)
    await expect(counter.add(10)).rejects.toThrow('broken')
    expect(await counter.add(100)).toBe(101)
  })

  test('does the call whose answer is lost', async () => {
    const points = new FaultPoints()
    const counter = points.wrap('counter', new Counter(), ['add'])
    points.fail(1, 'lost', broken)
    await expect(counter.add(1)).rejects.toThrow('broken')
    expect(await counter.add(10)).toBe(11)
  })

  test('cuts a stream at its beginning or after its first item', async () => {
    const points = new FaultPoints()
    const counter = points.wrap('counter', new Counter(), [], ['upTo'])
    points.fail(1, 'refused', broken)
    await expect(counter.upTo(3).next()).rejects.toThrow('broken')
    points.fail(2, 'lost', broken)
    const cut = counter.upTo(3)
    expect(await cut.next()).toEqual({ value: 1, done: false })
    await expect(cut.next()).rejects.toThrow('broken')
    expect(await all(counter.upTo(2))).toEqual([1, 2])
  })

  test('leaves the other methods and properties as they are', async () => {
    const points = new FaultPoints()
    const counter = points.wrap('counter', new Counter(), ['add'])
    await counter.add(4)
    expect(counter.double()).toBe(8)
    expect(counter.value).toBe(4)
    expect(points.calls).toEqual(['counter.add'])
  })
})
