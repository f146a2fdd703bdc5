import { afterEach, beforeEach, expect, test } from 'vitest'
import { standStill, turnsPass } from '../../testing/stand-still.js'
import { AnswerGuard } from './answer-guard.js'

let changes: boolean[]
let guard: AnswerGuard
beforeEach(() => (changes = []))
afterEach(() => guard.close())

const open = (probe: () => Promise<unknown>, probeTimeout = 400): AnswerGuard =>
  (guard = new AnswerGuard({
    probe,
    probeTimeout,
    detail: 'away',
    onChange: (answers) => void changes.push(answers),
  }))

/** As a process that gets little of a busy machine: between any two turns of the event loop others have it. @returns the end of it */
function starve(): () => void {
  let isStarved = true
  const turn = (): void => {
    if (!isStarved) return
    standStill(250)
    setImmediate(turn)
  }
  turn()
  return () => (isStarved = false)
}

const never = (): Promise<never> => new Promise(() => {})

test('a process that stands still while it asks does not take the server for away', async () => {
  let answered = (): void => {}
  const isAnswered = new Promise<void>((resolve) => (answered = resolve))
  open(async () => {
    setImmediate(() => standStill(1_000))
    await turnsPass(6)
    answered()
  })
  await guard.run(() => isAnswered)
  expect(changes).toEqual([])
})

test('a process that gets little of the machine does not take the server for away', async () => {
  let answered = (): void => {}
  const isAnswered = new Promise<void>((resolve) => (answered = resolve))
  open(async () => {
    await turnsPass(7)
    answered()
  }, 1_000)
  const end = starve()
  await guard.run(() => isAnswered).finally(end)
  expect(changes).toEqual([])
})

test('a server that answers others is not away, whatever becomes of the probe', async () => {
  let asked = 0
  let askedTwice = (): void => {}
  const isAskedTwice = new Promise<void>((resolve) => (askedTwice = resolve))
  open(() => {
    asked += 1
    // Between the probe and the end of the patience with it.
    setTimeout(() => guard.heard(), 50)
    if (asked === 2) askedTwice()
    return never()
  })
  await guard.run(() => isAskedTwice)
  expect(changes).toEqual([])
})

test('a server that answers no probe is away, however often this process stood still', async () => {
  open(() => {
    setImmediate(() => standStill(500))
    return never()
  })
  await expect(guard.run(never)).rejects.toMatchObject({ code: 'store-unavailable' })
  expect(changes).toEqual([false])
})

test('a server that refuses the probe is away at once', async () => {
  open(() => Promise.reject(new Error('refused')))
  await expect(guard.run(never)).rejects.toMatchObject({ code: 'store-unavailable' })
  expect(changes).toEqual([false])
})

test('an answer is a good sign also when it was waited for no longer', async () => {
  let answer = (): void => {}
  open(() => new Promise<void>((resolve) => (answer = resolve)))
  await expect(guard.run(never)).rejects.toMatchObject({ code: 'store-unavailable' })
  answer()
  await expect.poll(() => changes).toEqual([false, true])
  expect(await guard.run(() => Promise.resolve('served'))).toBe('served')
})
