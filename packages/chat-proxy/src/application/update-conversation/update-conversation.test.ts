import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../testing/test-world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.conversation()
})
afterEach(() => world.close())

const change = (fields: Parameters<World['useCases']['updateConversation']['execute']>[2]) =>
  world.useCases.updateConversation.execute(world.alice, 'c_00001', fields)

const recorded = async (): Promise<unknown[]> => {
  const rows = await world.database.kysely
    .selectFrom('events')
    .selectAll()
    .where('type', '=', 'conversation.updated')
    .orderBy('seq')
    .execute()
  return rows.map(({ subject_id: subject, actor, data }) => ({
    subject,
    actor,
    data: JSON.parse(data) as unknown,
  }))
}

test('a change is recorded, without what was written', async () => {
  await change({ title: 'Secret plans', documentIds: ['d_00001', 'd_00002'] })
  await change({ mode: 'rag' })
  const by = { subject: 'c_00001', actor: 'v_alice' }
  expect(await recorded()).toEqual([
    { ...by, data: { title: true, documents: 2 } },
    { ...by, data: { mode: 'rag' } },
  ])
})

test('a call that changes nothing is no change', async () => {
  await change({})
  await expect(change({ title: ' ' })).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(
    world.useCases.updateConversation.execute(world.bob, 'c_00001', { title: 'Mine' }),
  ).rejects.toMatchObject({ code: 'conversation-not-found' })
  expect(await recorded()).toEqual([])
})

test('the title that a first question gives is recorded as well', async () => {
  await world.answered('What is this?', ['A test.'], { runId: 'run_01' })
  await world.answered('And that?', ['Another.'], { runId: 'run_02' })
  await expect.poll(recorded).toEqual([{ subject: 'c_00001', actor: 'v_alice', data: { title: true } }])
})
