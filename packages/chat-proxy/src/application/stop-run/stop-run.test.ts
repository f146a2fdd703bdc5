import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../testing/test-world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.conversation()
})
afterEach(() => world.close())

const ask = (runId: string) =>
  world.useCases.sendMessage.execute(world.alice, { conversationId: 'c_00001', content: 'Hello?', runId })
const stop = (runId: string, caller = world.alice) =>
  world.useCases.stopRun.execute(caller, runId, new AbortController().signal)

test('a stop that overtakes its own question finds nothing, and holds when the question arrives', async () => {
  await expect(stop('r_00001')).rejects.toMatchObject({ code: 'run-not-found' })
  await ask('r_00001')
  expect(await world.ended('r_00001')).toMatchObject({ status: 'stopped', content: '' })
  expect(world.model.calls).toEqual([])
})

test('the same on another process, when the two share their signals', async () => {
  const other = world.boot({ signals: world.ports.signals })
  await expect(
    other.useCases.stopRun.execute(world.alice, 'r_00001', new AbortController().signal),
  ).rejects.toMatchObject({ code: 'run-not-found' })
  await ask('r_00001')
  expect(await world.ended('r_00001')).toMatchObject({ status: 'stopped' })
})

test('it stops that one question and no later one', async () => {
  await stop('r_00001').catch(() => {})
  await ask('r_00002')
  const call = await world.model.nextCall()
  call.say('Hi').end()
  expect(await world.ended('r_00002')).toMatchObject({ status: 'completed', content: 'Hi' })
})

test('nobody stops in advance what somebody else will ask', async () => {
  await expect(stop('r_00001', world.bob)).rejects.toMatchObject({ code: 'run-not-found' })
  await ask('r_00001')
  const call = await world.model.nextCall()
  call.say('Hi').end()
  expect(await world.ended('r_00001')).toMatchObject({ status: 'completed', content: 'Hi' })
})
