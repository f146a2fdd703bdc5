import { afterEach, expect, test } from 'vitest'
import { AnswerGuard } from './answer-guard.js'

let guard: AnswerGuard
afterEach(() => guard.close())

/** As a stopped process, or a machine that sleeps: timers fall due, and nothing is read meanwhile. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** An answer that takes so many turns of the event loop, as one that takes several ways to the server and back. */
const answerAfter = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

test('a process that stands still while it asks does not take the server for away', async () => {
  const changes: boolean[] = []
  let isAsked = false
  let askAgain = (): void => {}
  const askedAgain = new Promise<void>((resolve) => (askAgain = resolve))
  guard = new AnswerGuard({
    probe() {
      if (isAsked) askAgain()
      else setImmediate(() => standStill(500))
      isAsked = true
      return answerAfter(6)
    },
    probeTimeout: 50,
    detail: 'away',
    onChange: (answers) => void changes.push(answers),
  })
  await guard.run(() => askedAgain)
  expect(changes).toEqual([])
})

test('a server that answers no probe is away, however often this process stood still', async () => {
  const changes: boolean[] = []
  guard = new AnswerGuard({
    probe() {
      setImmediate(() => standStill(500))
      return new Promise(() => {})
    },
    probeTimeout: 50,
    detail: 'away',
    onChange: (answers) => void changes.push(answers),
  })
  await expect(guard.run(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'store-unavailable' })
  expect(changes).toEqual([false])
})
