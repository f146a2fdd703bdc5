import { afterEach, beforeEach, expect, test } from 'vitest'
import { answering } from '../testing/scripted-model.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { NewConversation } from '../shared/new-conversation.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
  world.model.script = answering('Hello.')
})
afterEach(() => world.close())

const create = (input: NewConversation, caller = world.alice) =>
  world.useCases.createConversation.execute(caller, input)

const count = async (): Promise<number> =>
  (await world.useCases.listConversations.execute(world.alice, { page: 1, pageSize: 10 })).total

test('a conversation without a message has a name and nothing in it', async () => {
  const { conversation, exchange, created } = await create({})
  expect(created).toBe(true)
  expect(exchange).toBeNull()
  expect(conversation).toMatchObject({ title: 'New conversation', mode: 'open', ownerId: 'v_alice' })
  expect(conversation.id).toMatch(/^c_[\w-]{22}$/)
})

test('a first message is asked, and gives the name', async () => {
  const { conversation, exchange } = await create({ firstMessage: 'What is this?\nTell me.' })
  expect(conversation.title).toBe('What is this?')
  expect(exchange).toMatchObject({
    userMessage: { content: 'What is this?\nTell me.' },
    message: { role: 'assistant', parentId: exchange?.userMessage.id },
  })
  await world.ended(exchange?.message.runId ?? '')
})

test('repeating it with the same id finds the same conversation and asks nothing again', async () => {
  const input = { id: 'c_mine01', firstMessage: 'Hello?' }
  const first = await create(input)
  const second = await create(input)
  expect(second.created).toBe(false)
  expect(second.exchange?.message.id).toBe(first.exchange?.message.id)
  await world.ended(first.exchange?.message.runId ?? '')
  expect(world.model.calls).toHaveLength(1)
  expect(await count()).toBe(1)
})

test('an id of somebody else or of a deleted conversation is a conflict', async () => {
  await create({ id: 'c_mine01' })
  await expect(create({ id: 'c_mine01' }, world.bob)).rejects.toMatchObject({ code: 'id-already-used' })
  await world.useCases.deleteConversation.execute(world.alice, 'c_mine01')
  await expect(create({ id: 'c_mine01' })).rejects.toMatchObject({ code: 'id-already-used' })
})

test.each(['', '   ', 'x'.repeat(8001)])(
  'a first message that cannot be sent creates nothing',
  async (firstMessage) => {
    await expect(create({ firstMessage })).rejects.toThrow()
    expect(await count()).toBe(0)
  },
)

test('nothing is created while the server is stopping', async () => {
  await world.useCases.generations.drain(0)
  await expect(create({ firstMessage: 'Hello?' })).rejects.toMatchObject({ code: 'shutting-down' })
  expect(await count()).toBe(0)
})
