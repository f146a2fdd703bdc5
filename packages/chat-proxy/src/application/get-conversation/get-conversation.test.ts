import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../testing/test-world.js'
import { stepsOf } from '../testing/steps-of.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.conversation()
})
afterEach(() => world.close())

const open = (options: { before?: string; limit?: number } = {}) =>
  world.useCases.getConversation.execute(world.alice, { id: 'c_00001', limit: 50, ...options })

test('in the middle of an answer, text and cursor belong together', async () => {
  await world.useCases.sendMessage.execute(world.alice, {
    conversationId: 'c_00001',
    content: 'Count',
    runId: 'run_01',
  })
  const call = await world.model.nextCall()
  // The store has only the first word; the log has them all.
  call.say('One ', 'two ', 'three ')
  await world.clock.advanceAsync(0)
  const { messages, activeRun } = await open()
  expect(activeRun).toEqual({ id: 'run_01', seq: 6 })
  expect(messages[1]).toMatchObject({ content: 'One two three ', status: 'streaming' })
  const followed = await world.useCases.followRun.execute(world.alice, {
    runId: 'run_01',
    cursor: 'run_01.6',
    signal: new AbortController().signal,
  })
  call.say('four.').end()
  let rest = ''
  for await (const step of stepsOf(followed)) {
    if (step.type !== 'events') continue
    for (const { event } of step.events) if (event.type === 'text-delta') rest += event.text
  }
  expect((messages[1]?.content ?? '') + rest).toBe('One two three four.')
  expect((await open()).activeRun).toBeNull()
})

test('older messages come page by page', async () => {
  for (const n of [1, 2, 3]) await world.answered(`Question ${n}`, ['Answer'], { runId: `run_0${n}` })
  const newest = await open({ limit: 4 })
  expect(newest.hasMore).toBe(true)
  expect(newest.messages.map(({ content }) => content)).toEqual([
    'Question 2',
    'Answer',
    'Question 3',
    'Answer',
  ])
  const older = await open({ limit: 4, before: newest.messages[0]?.id ?? '' })
  expect(older.hasMore).toBe(false)
  expect(older.messages.map(({ content }) => content)).toEqual(['Question 1', 'Answer'])
})

test('a message of another conversation is no place to page from', async () => {
  const { messageId } = await world.answered('Question', ['Answer'], { runId: 'run_01' })
  await world.conversation('c_00002')
  await expect(
    world.useCases.getConversation.execute(world.alice, { id: 'c_00002', before: messageId, limit: 5 }),
  ).rejects.toMatchObject({ code: 'message-not-found' })
})
