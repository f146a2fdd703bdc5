import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../testing/test-world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.conversation()
  await world.useCases.sendMessage.execute(world.alice, {
    conversationId: 'c_00001',
    content: 'Count',
    runId: 'run_01',
  })
})
afterEach(() => world.close())

const get = (waitMs: number, signal = new AbortController().signal) =>
  world.useCases.getRun.execute(world.alice, { runId: 'run_01', waitMs, signal })

test('tells the run and its text so far at once', async () => {
  const call = await world.model.nextCall()
  call.say('One ', 'two ')
  await world.clock.advanceAsync(0)
  expect(await get(0)).toMatchObject({
    run: { status: 'streaming' },
    message: { content: 'One two ' },
    seq: 5,
  })
  call.end()
})

test('waits until the run ends', async () => {
  const call = await world.model.nextCall()
  const answer = get(25_000)
  await world.clock.advanceAsync(20_000)
  call.say('Done.').end()
  expect(await answer).toMatchObject({ run: { status: 'completed' }, message: { content: 'Done.' }, seq: 7 })
})

test('waits no longer than it was told to', async () => {
  const call = await world.model.nextCall()
  call.say('One ')
  const answer = get(25_000)
  await world.clock.advanceAsync(25_000)
  expect(await answer).toMatchObject({ run: { status: 'streaming' }, message: { content: 'One ' } })
  call.end()
})

test('stops waiting when nobody listens any more', async () => {
  const call = await world.model.nextCall()
  const gone = new AbortController()
  const answer = get(25_000, gone.signal)
  await world.clock.advanceAsync(0)
  gone.abort()
  expect(await answer).toMatchObject({ run: { status: 'queued' } })
  call.say('x').end()
})

test('of an unknown run says so at once', async () => {
  const signal = new AbortController().signal
  await expect(
    world.useCases.getRun.execute(world.alice, { runId: 'run_99', waitMs: 25_000, signal }),
  ).rejects.toMatchObject({ code: 'run-not-found' })
})
