import { beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { Checkpointer } from './checkpointer.js'
import { Rounds } from './rounds.js'

const INTERVAL = 1_000

let clock: FakeClock
/** What the store was given, in order, and the way to let it answer. */
let saves: { readonly text: string; readonly answer: () => void }[]
let text: string
let checkpointer: Checkpointer

beforeEach(() => {
  clock = new FakeClock()
  saves = []
  text = ''
  checkpointer = new Checkpointer(
    new Rounds(clock, INTERVAL),
    () => new Promise((answer) => saves.push({ text, answer: () => answer() })),
  )
})

const say = (word: string): void => {
  text += word
  checkpointer.touch()
}
const saved = (): string[] => saves.map((save) => save.text)
const answer = async (index: number): Promise<void> => {
  saves[index]?.answer()
  await new Promise(setImmediate)
}

describe('progress', () => {
  test('is saved at the first change, and then once per interval', async () => {
    say('a')
    say('b')
    expect(saved()).toEqual(['a'])
    await answer(0)
    await clock.advanceAsync(INTERVAL)
    expect(saved()).toEqual(['a', 'ab'])
    await answer(1)
    await clock.advanceAsync(5 * INTERVAL)
    expect(saved()).toEqual(['a', 'ab'])
  })

  test('that cannot wait is saved before the interval is over', async () => {
    say('a')
    await answer(0)
    text += 'b'
    checkpointer.touchAndSave()
    expect(saved()).toEqual(['a', 'ab'])
  })
})

test('many runs wait for their next save with one timer', async () => {
  const rounds = new Rounds(clock, INTERVAL)
  const saved: number[] = []
  const runs = [0, 1, 2].map((run) => new Checkpointer(rounds, async () => void saved.push(run)))
  for (const run of [...runs, ...runs]) run.touch()
  expect(saved).toEqual([0, 1, 2])
  expect(clock.pending).toBe(1)
  await runs[1]?.stop()
  await clock.advanceAsync(INTERVAL)
  expect(saved).toEqual([0, 1, 2, 0, 2])
  expect(clock.pending).toBe(0)
})

describe('a store that hangs', () => {
  test('holds one save, and one more waits behind it, however long it takes: that has the newest', async () => {
    say('a')
    for (let round = 0; round < 50; round += 1) {
      say('b')
      if (round % 5 === 0) checkpointer.touchAndSave()
      await clock.advanceAsync(INTERVAL)
    }
    expect(saved()).toEqual(['a'])
    await answer(0)
    expect(saved()).toEqual(['a', text])
    await answer(1)
    await clock.advanceAsync(5 * INTERVAL)
    expect(saved()).toEqual(['a', text])
  })

  test('is waited for at the end, and what waited behind it is left to the end', async () => {
    say('a')
    text += 'b'
    checkpointer.touchAndSave()
    let hasStopped = false
    const stopping = checkpointer.stop().then(() => (hasStopped = true))
    await clock.advanceAsync(10 * INTERVAL)
    expect(hasStopped).toBe(false)
    await answer(0)
    await stopping
    expect(saved()).toEqual(['a'])
    expect(clock.pending).toBe(0)
  })
})
