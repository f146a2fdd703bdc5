import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunEvent } from '../../domain/run-event.js'
import { SOON_MS } from '../generate/checkpoints.js'
import { LEASE_MS } from '../generate/leases.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { FollowedRun, FollowStep } from './follow-run.js'
import { stepsOf } from '../testing/steps-of.js'

const PIECES = ['One ', 'two ', 'three.']

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.conversation()
})
afterEach(() => world.close())

const follow = (cursor: string | null, app = world.useCases, signal = new AbortController().signal) =>
  app.followRun.execute(world.alice, { runId: 'run_01', cursor, signal })

async function all(followed: FollowedRun): Promise<FollowStep[]> {
  const taken: FollowStep[] = []
  for await (const step of stepsOf(followed)) taken.push(step)
  return taken
}

const eventsOf = (steps: readonly FollowStep[]): RunEvent[] =>
  steps.flatMap((step) => (step.type === 'events' ? step.events.map(({ event }) => event) : []))

const finished = () => world.answered('Count', PIECES, { runId: 'run_01' })

const running = async () => {
  await world.useCases.sendMessage.execute(world.alice, {
    conversationId: 'c_00001',
    content: 'Count',
    runId: 'run_01',
  })
  return world.model.nextCall()
}

describe('a finished run', () => {
  test('replays the rest from every cursor', async () => {
    await finished()
    const whole = await world.events('run_01')
    for (let seq = 0; seq < whole.length; seq += 1) {
      const followed = await follow(`run_01.${seq}`)
      expect(eventsOf(await all(followed))).toEqual(whole.slice(seq).map(({ event }) => event))
    }
  })

  test.each(['garbage', 'run_01.999', 'run_02.1', 'run_01.-1', 'run_01', '', 'run_01.9'])(
    'answers the cursor "%s" with one snapshot, never with silence',
    async (cursor) => {
      await finished()
      const steps = await all(await follow(cursor))
      expect(steps).toMatchObject([
        {
          type: 'resync',
          snapshot: { run: { status: 'completed' }, message: { content: 'One two three.' }, seq: 9 },
        },
      ])
    },
  )

  test('after a restart is told from the store, from the beginning as well', async () => {
    await finished()
    const { useCases } = world.boot()
    for (const cursor of [null, 'run_01.3']) {
      const steps = await all(await follow(cursor, useCases))
      expect(steps).toMatchObject([
        {
          type: 'resync',
          snapshot: { message: { content: 'One two three.' }, run: { status: 'completed' } },
        },
      ])
    }
  })

  test('that a crash interrupted is told with what was saved', async () => {
    const call = await running()
    call.say('One ')
    await world.clock.advanceAsync(SOON_MS)
    world.clock.skip(LEASE_MS)
    const { useCases } = world.boot()
    await useCases.recoverOrphans.execute()
    const steps = await all(await follow('run_01.3', useCases))
    expect(steps).toMatchObject([
      { type: 'resync', snapshot: { run: { status: 'interrupted' }, message: { content: 'One ' } } },
    ])
  })
})

describe('a running run', () => {
  test('goes from replay to live without a gap', async () => {
    const call = await running()
    call.say('One ')
    const taken = all(await follow(null))
    await world.clock.advanceAsync(0)
    call.say('two ')
    await world.clock.advanceAsync(0)
    call.say('three.').end()
    expect(eventsOf(await taken)).toEqual((await world.events('run_01')).map(({ event }) => event))
  })

  test('gives all its readers the same', async () => {
    const call = await running()
    const readers = await Promise.all([follow(null), follow(null), follow('run_01.2')])
    const taken = readers.map(all)
    call.say(...PIECES).end()
    const [first, second, third] = (await Promise.all(taken)).map(eventsOf)
    expect(second).toEqual(first)
    expect(third).toEqual(first?.slice(2))
  })

  test('answers a strange cursor with the text so far and goes on live from there', async () => {
    const call = await running()
    call.say('One ', 'two ')
    await world.clock.advanceAsync(0)
    const taken = all(await follow('run_01.77'))
    await world.clock.advanceAsync(0)
    call.say('three.').end()
    const [snapshot, ...rest] = await taken
    expect(snapshot).toMatchObject({
      type: 'resync',
      snapshot: { run: { status: 'streaming' }, message: { content: 'One two ' }, seq: 5 },
    })
    expect(eventsOf(rest).map(({ type }) => type)).toEqual(['text-delta', 'text-end', 'ended', 'closed'])
  })

  test('goes on when its reader goes away', async () => {
    const call = await running()
    const reader = new AbortController()
    const taken = all(await follow(null, world.useCases, reader.signal))
    await world.clock.advanceAsync(0)
    reader.abort()
    await taken
    expect(call.signal.aborted).toBe(false)
    call.say('Done.').end()
    expect(await world.ended('run_01')).toMatchObject({ status: 'completed' })
  })

  test('whose process is elsewhere is told from the store once it does not appear in the log', async () => {
    const call = await running()
    const { useCases } = world.boot()
    const taken = all(await follow(null, useCases))
    await world.clock.advanceAsync(3_000)
    expect(await taken).toMatchObject([{ type: 'resync', snapshot: { run: { status: 'queued' } } }])
    call.say('x').end()
    await world.ended('run_01')
  })
})

test('somebody else’s run and an unknown one are not found', async () => {
  await finished()
  const { followRun } = world.useCases
  const signal = new AbortController().signal
  for (const [caller, runId] of [
    [world.bob, 'run_01'],
    [world.alice, 'run_99'],
    [world.alice, '../etc'],
  ] as const) {
    await expect(followRun.execute(caller, { runId, cursor: null, signal })).rejects.toMatchObject({
      code: 'run-not-found',
    })
  }
})
