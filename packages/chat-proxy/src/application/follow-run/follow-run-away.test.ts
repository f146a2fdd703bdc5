import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RunLogUnavailable, type RunLog } from '../../domain/ports/index.js'
import type { LoggedEvent } from '../../domain/run-event.js'
import { SOON_MS } from '../generate/checkpoints.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { FollowStep } from './follow-run.js'
import { stepsOf } from '../testing/steps-of.js'

const never = new AbortController().signal

/** A log that can go away, for those who read and for those who ask, as one that other processes write. */
class DistantLog {
  #away = new AbortController()
  isAway = false

  leave(): void {
    this.isAway = true
    this.#away.abort()
  }

  comeBack(): void {
    this.isAway = false
    this.#away = new AbortController()
  }

  wrap(log: RunLog): RunLog {
    return {
      outlivesWriter: log.outlivesWriter,
      writer: (run) => log.writer(run),
      lastSeq: async (run) => this.#reachable(await log.lastSeq(run)),
      follow: (run, after, signal) => this.#follow(log, run, { after, signal }),
      conclude: async (run, after, events) => this.#reachable(await log.conclude(run, after, events)),
      forget: (runs) => log.forget(runs),
    }
  }

  async *#follow(
    log: RunLog,
    run: Parameters<RunLog['follow']>[0],
    { after, signal }: { after: number; signal: AbortSignal },
  ): AsyncGenerator<readonly LoggedEvent[]> {
    this.#reachable(null)
    const away = this.#away.signal
    yield* log.follow(run, after, AbortSignal.any([signal, away]))
    if (away.aborted) throw new RunLogUnavailable()
  }

  #reachable<T>(answer: T): T {
    if (this.isAway) throw new RunLogUnavailable()
    return answer
  }
}

let world: World
let distant: DistantLog
beforeEach(async () => {
  distant = new DistantLog()
  world = await createWorld({ replace: ({ log }) => ({ log: distant.wrap(log) }) })
  await world.conversation()
})
afterEach(() => world.close())

const running = async () => {
  await world.useCases.sendMessage.execute(world.alice, {
    conversationId: 'c_00001',
    content: 'Count',
    runId: 'run_01',
  })
  return world.model.nextCall()
}

/** Reads all the time, and says what the reader has on its screen. */
const read = async (signal = never) => {
  const steps: FollowStep[] = []
  const screen = { text: '', status: '', steps, done: Promise.resolve() }
  const followed = await world.useCases.followRun.execute(world.alice, {
    runId: 'run_01',
    cursor: null,
    signal,
  })
  screen.done = (async () => {
    for await (const step of stepsOf(followed)) {
      steps.push(step)
      if (step.type === 'resync') {
        screen.text = step.snapshot.message.content
        screen.status = step.snapshot.run.status
        continue
      }
      for (const { event } of step.events) {
        if (event.type === 'text-delta') screen.text += event.text
        if (event.type === 'ended') screen.status = event.status
      }
    }
  })()
  return screen
}

describe('while the log is away', () => {
  test('a reader sees how far the stored text has come, and goes on live when the log is back', async () => {
    const call = await running()
    const screen = await read()
    call.say('One ')
    await world.clock.advanceAsync(0)
    expect(screen.text).toBe('One ')
    distant.leave()
    call.say('two ')
    await world.clock.advanceAsync(3_000)
    expect(screen.text).toBe('One two ')
    distant.comeBack()
    await world.clock.advanceAsync(1_000)
    call.say('three.')
    await world.clock.advanceAsync(0)
    expect(screen.text).toBe('One two three.')
    call.end()
    await screen.done
    expect(screen).toMatchObject({ text: 'One two three.', status: 'completed' })
  })

  test('a reader is not thrown back to a stored text that is older than what it has', async () => {
    const call = await running()
    const screen = await read()
    call.say('One ')
    await world.clock.advanceAsync(0)
    call.say('two ')
    await world.clock.advanceAsync(1)
    expect(screen.text).toBe('One two ')
    distant.leave()
    await world.clock.advanceAsync(10)
    expect(screen.text).toBe('One two ')
    expect(screen.steps.every(({ type }) => type === 'events')).toBe(true)
    call.end()
    await world.clock.advanceAsync(2_000)
    await screen.done
    expect(screen).toMatchObject({ text: 'One two ', status: 'completed' })
  })

  test('a run that ends is told from the store', async () => {
    const call = await running()
    distant.leave()
    const screen = await read()
    const waiting = world.ended('run_01')
    call.say('Done.').end()
    await world.clock.advanceAsync(2_000)
    await screen.done
    expect(screen).toMatchObject({ text: 'Done.', status: 'completed' })
    expect(await waiting).toMatchObject({ status: 'completed', content: 'Done.' })
  })

  test('a run can be looked at and stopped', async () => {
    const call = await running()
    call.say('Half')
    await world.clock.advanceAsync(SOON_MS)
    distant.leave()
    const { message } = await world.useCases.getRun.execute(world.alice, {
      runId: 'run_01',
      waitMs: 0,
      signal: never,
    })
    expect(message).toMatchObject({ content: 'Half', status: 'streaming' })
    const stopping = world.useCases.stopRun.execute(world.alice, 'run_01', never)
    await world.clock.advanceAsync(2_000)
    expect(await stopping).toMatchObject({ status: 'stopped' })
  })

  test('a reader that leaves is gone', async () => {
    await running()
    distant.leave()
    const controller = new AbortController()
    const screen = await read(controller.signal)
    await world.clock.advanceAsync(5_000)
    controller.abort()
    await screen.done
  })
})
