import { afterEach, expect, test } from 'vitest'
import type { Caller } from '../../domain/caller.js'
import { limitsOf, NO_LIMITS, type Limits } from '../../domain/limits.js'
import { answering } from '../testing/scripted-model.js'
import { createWorld, type World } from '../testing/test-world.js'

let world: World
afterEach(() => world.close())

const build = async (limits: Partial<Limits> = limitsOf('free')): Promise<void> => {
  world = await createWorld({ tenant: { limits: { ...NO_LIMITS, ...limits } } })
  world.model.script = answering('Yes.')
  await world.conversation()
}

const send = async (runId: string, caller: Caller = world.alice, conversationId = 'c_00001') => {
  const { run } = await world.useCases.sendMessage.execute(caller, {
    conversationId,
    content: 'Hello?',
    runId,
  })
  await world.ended(run.id, caller)
}
const perMinute = (limits: Partial<Limits['messagesPerMinute']>): Partial<Limits> => ({
  messagesPerMinute: { ...NO_LIMITS.messagesPerMinute, ...limits },
})

test('the 21st message in a minute is refused, says which limit it was and when to come back, and leaves nothing', async () => {
  await build()
  for (let count = 1; count <= 20; count += 1) await send(`run_000${count}`)
  await expect(send('run_more')).rejects.toMatchObject({
    code: 'rate-limited',
    retryAfter: 3,
    limit: { name: 'messages_per_minute', scope: 'user', max: 20, used: 20, remaining: 0 },
  })
  await expect(world.useCases.getRun.execute(world.alice, waiting('run_more'))).rejects.toThrow('run_more')
  expect(world.model.calls).toHaveLength(20)
  await world.clock.advanceAsync(3_000)
  await send('run_more')
})

test('a run that there is already costs nothing, also when the limit is reached', async () => {
  await build(perMinute({ user: 2 }))
  await send('run_001')
  for (let again = 0; again < 5; again += 1) await send('run_001')
  await send('run_002')
  await send('run_001')
  await expect(send('run_003')).rejects.toMatchObject({ code: 'rate-limited' })
})

test('what is wrong in itself costs nothing', async () => {
  await build(perMinute({ user: 1 }))
  const { sendMessage } = world.useCases
  const empty = { conversationId: 'c_00001', content: ' ' }
  await expect(sendMessage.execute(world.alice, empty)).rejects.toMatchObject({ code: 'invalid-input' })
  await send('run_001')
})

test('people behind one address share its limit, and nobody knows the address of a call from inside', async () => {
  await build(perMinute({ ip: 2 }))
  const [alice, bob] = [world.alice, world.bob].map((caller) => ({ ...caller, network: '203.0.113.7' }))
  await world.conversation('c_of_bob', world.bob)
  await send('run_001', alice)
  await send('run_002', bob, 'c_of_bob')
  await expect(send('run_003', alice)).rejects.toMatchObject({ limit: { scope: 'ip', max: 2 } })
  await send('run_004', { ...world.alice, network: '203.0.113.8' })
  await send('run_005')
})

test('a site has a limit for all of its people', async () => {
  await build(perMinute({ tenant: 2 }))
  await world.conversation('c_of_bob', world.bob)
  await send('run_001')
  await send('run_002', world.bob, 'c_of_bob')
  await expect(send('run_003')).rejects.toMatchObject({ limit: { scope: 'tenant', max: 2 } })
})

test('every way to the model counts', async () => {
  await build(perMinute({ user: 4 }))
  const { createConversation, askInChat, completeChat, sendMessage } = world.useCases
  const asked = { tenantId: 'default', name: 'scripted-1' }
  const complete = async (): Promise<void> => {
    const input = { model: asked.name, messages: [{ role: 'user', content: 'Hello?' }] } as const
    const { events } = await completeChat.execute(world.alice, input, never)
    for await (const _ of events);
  }
  const create = (id: string) => createConversation.execute(world.alice, { id, firstMessage: 'Hello?' })
  const chat = (chatId: string) =>
    askInChat.execute(world.alice, {
      chatId,
      question: { id: 'q_00001', role: 'user', text: 'Hello?' },
      history: null,
      again: null,
    })
  await create('c_first')
  await chat('c_second')
  await complete()
  await sendMessage.ask(world.alice, { conversationId: 'c_00001', content: 'Hello?', runId: 'run_001' })
  const limited = { code: 'rate-limited' }
  await expect(create('c_third')).rejects.toMatchObject(limited)
  await expect(chat('c_fourth')).rejects.toMatchObject(limited)
  await expect(complete()).rejects.toMatchObject(limited)
  await expect(send('run_002')).rejects.toMatchObject(limited)
  // Nothing of what was refused is there, and what was answered is answered again.
  const { conversations } = await world.useCases.listConversations.execute(world.alice, {
    page: 1,
    pageSize: 20,
  })
  expect(conversations.map(({ id }) => id).toSorted()).toEqual(['c_00001', 'c_first', 'c_second'])
  await create('c_first')
  await chat('c_second')
})

test('starting chats is limited for each address and for the site', async () => {
  await build({ sessionsPerMinute: { ip: 2, tenant: 3 } })
  const start = (network: string) =>
    world.useCases.startSession.execute({
      publishableKey: null,
      tenantId: null,
      token: null,
      visitorToken: null,
      origin: null,
      host: null,
      network,
    })
  await start('203.0.113.7')
  await start('203.0.113.7')
  await expect(start('203.0.113.7')).rejects.toMatchObject({
    code: 'rate-limited',
    retryAfter: 30,
    limit: { name: 'sessions_per_minute', scope: 'ip', max: 2 },
  })
  await start('203.0.113.8')
  await expect(start('203.0.113.8')).rejects.toMatchObject({ limit: { scope: 'tenant', max: 3 } })
})

test('how the limits stand can be asked without using them', async () => {
  await build(perMinute({ user: 20, tenant: 100 }))
  await send('run_001')
  expect(await world.useCases.rateLimits.peek({ ...world.alice, network: '203.0.113.7' })).toMatchObject([
    { name: 'messages_per_minute', scope: 'user', max: 20, used: 1, remaining: 19 },
    { name: 'messages_per_minute', scope: 'tenant', max: 100, used: 1, remaining: 99 },
  ])
})

const never = new AbortController().signal
const waiting = (runId: string) => ({ runId, waitMs: 0, signal: never })
