import { beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { CHECKPOINT_MS as USUAL, Checkpointer, checkpointRounds, SOON_MS as SOON } from './checkpointer.js'

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
    checkpointRounds(clock),
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
  test('is saved once per round, as it is when the next one begins', async () => {
    say('a')
    await clock.advanceAsync(USUAL - 1)
    say('b')
    expect(saved()).toEqual([])
    await clock.advanceAsync(1)
    expect(saved()).toEqual(['ab'])
    await answer(0)
    say('c')
    await clock.advanceAsync(USUAL)
    expect(saved()).toEqual(['ab', 'abc'])
    await answer(1)
    await clock.advanceAsync(5 * USUAL)
    expect(saved()).toEqual(['ab', 'abc'])
  })

  test('that should not be missing for long waits for a short round, and what waits is saved with it', async () => {
    say('a')
    checkpointer.touchSoon()
    checkpointer.touchSoon()
    say('b')
    await clock.advanceAsync(SOON - 1)
    expect(saved()).toEqual([])
    await clock.advanceAsync(1)
    expect(saved()).toEqual(['ab'])
    await answer(0)
    await clock.advanceAsync(5 * USUAL)
    expect(saved()).toEqual(['ab'])
  })

  test('of what is over before a round begins is not saved at all', async () => {
    say('a')
    checkpointer.touchSoon()
    await checkpointer.stop()
    say('b')
    checkpointer.touchSoon()
    await clock.advanceAsync(5 * USUAL)
    expect(saved()).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

test('many runs wait for their next save with one timer', async () => {
  const shared = checkpointRounds(clock)
  const saved: number[] = []
  const runs = [0, 1, 2].map((run) => new Checkpointer(shared, async () => void saved.push(run)))
  for (const run of [...runs, ...runs]) run.touch()
  expect(saved).toEqual([])
  expect(clock.pending).toBe(1)
  await runs[1]?.stop()
  await clock.advanceAsync(USUAL)
  expect(saved).toEqual([0, 2])
  expect(clock.pending).toBe(0)
})

describe('a store that hangs', () => {
  test('holds one save, and one more waits behind it, however long it takes: that has the newest', async () => {
    say('a')
    await clock.advanceAsync(USUAL)
    for (let round = 0; round < 50; round += 1) {
      say('b')
      if (round % 5 === 0) checkpointer.touchSoon()
      await clock.advanceAsync(USUAL)
    }
    expect(saved()).toEqual(['a'])
    await answer(0)
    expect(saved()).toEqual(['a', text])
    await answer(1)
    await clock.advanceAsync(5 * USUAL)
    expect(saved()).toEqual(['a', text])
  })

  test('is waited for at the end, and what waited behind it is left to the end', async () => {
    say('a')
    await clock.advanceAsync(USUAL)
    say('b')
    await clock.advanceAsync(USUAL)
    let hasStopped = false
    const stopping = checkpointer.stop().then(() => (hasStopped = true))
    await clock.advanceAsync(10 * USUAL)
    expect(hasStopped).toBe(false)
    await answer(0)
    await stopping
    expect(saved()).toEqual(['a'])
    expect(clock.pending).toBe(0)
  })
})
