import { beforeEach, describe, expect, test } from 'vitest'
import type { Logger, RunUpdate, UnsavedRun } from '../../domain/ports/index.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { Checkpointer } from './checkpointer.js'
import { CHECKPOINT_MS as USUAL, Checkpoints, SOON_MS as SOON } from './checkpoints.js'

let clock: FakeClock
/** What the store was given, in order, and the ways to let it answer. */
let saves: {
  readonly updates: readonly RunUpdate[]
  readonly answer: (unsaved: readonly UnsavedRun[]) => void
  readonly fail: (error: Error) => void
}[]
let warnings: { readonly message: string; readonly fields: object | undefined }[]
let checkpoints: Checkpoints
let text: string
let checkpointer: Checkpointer

beforeEach(() => {
  clock = new FakeClock()
  saves = []
  warnings = []
  const checkpoint = (updates: readonly RunUpdate[]) =>
    new Promise<readonly UnsavedRun[]>((answer, fail) => saves.push({ updates, answer, fail }))
  checkpoints = new Checkpoints({ runs: { checkpoint }, clock, logger: warningsOnly })
  text = ''
  checkpointer = run('r_0', () => text)
})

const refuse = (): never => expect.fail('Nothing but warnings is to be logged.')
const warningsOnly: Logger = {
  debug: refuse,
  info: refuse,
  error: refuse,
  warn: (message, fields) => void warnings.push({ message, fields }),
}

const refOf = (runId: string) => ({ tenantId: 'default', runId })
const run = (id: string, content: () => string): Checkpointer =>
  new Checkpointer(checkpoints, refOf(id), () => ({
    content: content(),
    lastSeq: 1,
    model: 'demo',
    attempts: [],
  }))

const say = (word: string): void => {
  text += word
  checkpointer.touch()
}
const saved = (): string[] => saves.flatMap(({ updates }) => updates.map(({ progress }) => progress.content))
const idsOf = (updates: readonly RunUpdate[] = []): string[] => updates.map((update) => update.run.runId)
const settled = (): Promise<void> => new Promise(setImmediate)
const answer = async (index: number): Promise<void> => {
  saves[index]?.answer([])
  await settled()
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

describe('many runs', () => {
  test('wait for their next save with one timer, and are saved together', async () => {
    const runs = ['r_1', 'r_2', 'r_3'].map((id) => run(id, () => id))
    for (const one of [...runs, ...runs]) one.touch()
    expect(saves).toEqual([])
    expect(clock.pending).toBe(1)
    await runs[1]?.stop()
    await clock.advanceAsync(USUAL)
    expect(saves.map(({ updates }) => idsOf(updates))).toEqual([['r_1', 'r_3']])
    expect(clock.pending).toBe(0)
  })

  test('are saved in portions, each with what there is when its turn comes', async () => {
    const ids = Array.from({ length: 1_200 }, (_, i) => `r_${i}`)
    let word = 'first'
    const runs = ids.map((id) => run(id, () => word))
    for (const one of runs) one.touch()
    await clock.advanceAsync(USUAL)
    word = 'later'
    await runs.at(-1)?.stop()
    await answer(0)
    await answer(1)
    await answer(2)
    expect(saves.map(({ updates }) => updates.length)).toEqual([500, 500, 199])
    expect(saves.flatMap(({ updates }) => idsOf(updates))).toEqual(ids.slice(0, -1))
    expect(new Set(saved().slice(500))).toEqual(new Set(['later']))
  })

  test('that cannot be saved are told of: one that is at fault itself by its name', async () => {
    const [good, bad] = [run('r_1', () => 'good'), run('r_2', () => 'bad')]
    const error = new Error('refused')
    for (const one of [good, bad]) one.touch()
    await clock.advanceAsync(USUAL)
    saves[0]?.answer([{ run: refOf('r_2'), error }])
    await settled()
    for (const one of [good, bad]) one.touch()
    await clock.advanceAsync(USUAL)
    saves[1]?.fail(error)
    await settled()
    expect(warnings).toEqual([
      { message: 'the text so far could not be saved', fields: { ...refOf('r_2'), error } },
      { message: 'the texts so far could not be saved', fields: { count: 2, error } },
    ])
    good.touch()
    await clock.advanceAsync(USUAL)
    expect(idsOf(saves[2]?.updates)).toEqual(['r_1'])
  })
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

  test('saves nothing after the end of what waits behind it and for a short round', async () => {
    say('a')
    await clock.advanceAsync(USUAL)
    say('b')
    await clock.advanceAsync(USUAL)
    checkpointer.touchSoon()
    await answer(0)
    say('c')
    const stopping = checkpointer.stop()
    await answer(1)
    await stopping
    await clock.advanceAsync(5 * USUAL)
    expect(saved()).toEqual(['a', 'ab'])
    expect(clock.pending).toBe(0)
  })
})
