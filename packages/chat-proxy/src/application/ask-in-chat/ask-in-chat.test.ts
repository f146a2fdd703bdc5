import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Run } from '../../domain/run.js'
import { answering, type ScriptedCall } from '../testing/scripted-model.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { ChatMessage, ChatTurn } from './chat-turn.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const CHAT = 'chat_00001'

const user = (id: string, text: string): ChatMessage => ({ id, role: 'user', text })
const assistant = (id: string): ChatMessage => ({ id, role: 'assistant', text: '(as the client shows it)' })

const ask = (question: ChatMessage, over: Partial<ChatTurn> = {}, caller = world.alice): Promise<Run> =>
  world.useCases.askInChat.execute(caller, { chatId: CHAT, question, history: [], again: null, ...over })

const askAgain = (question: ChatMessage, answerId?: string): Promise<Run> =>
  ask(question, { again: { answerId } })

/** Asks, and answers with the number of the call. */
async function answered(question: ChatMessage, over: Partial<ChatTurn> = {}): Promise<Run> {
  world.model.script = answering(`answer ${world.model.calls.length + 1}`)
  const run = await ask(question, over)
  await world.ended(run.id)
  return run
}

const shown = (call: ScriptedCall | undefined): string[] =>
  (call?.request.messages ?? []).slice(1).map(({ content }) => content)

const lastShown = (): string[] => shown(world.model.calls.at(-1))

const Q1 = user('message_01', 'one')

describe('a question in a new chat', () => {
  test('opens a conversation with the id of the chat and a title from the question', async () => {
    const run = await answered(Q1)
    expect(run).toMatchObject({ conversationId: CHAT, userMessageId: 'message_01' })
    const open = await world.useCases.getConversation.execute(world.alice, { id: CHAT, limit: 10 })
    expect(open.conversation.title).toBe('one')
    expect(open.messages.map(({ content }) => content)).toEqual(['one', 'answer 1'])
  })

  test('asked again attaches, while it is answered and afterwards', async () => {
    const run = await ask(Q1)
    const call = await world.model.nextCall()
    expect((await ask(Q1)).id).toBe(run.id)
    call.say('Yes.').end()
    await world.ended(run.id)
    expect((await ask(Q1)).id).toBe(run.id)
    expect(world.model.calls).toHaveLength(1)
  })

  test('a hundred times at once is one run', async () => {
    const runs = await Promise.all(Array.from({ length: 100 }, () => ask(Q1)))
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1)
    await world.model.nextCall()
    expect(world.model.calls).toHaveLength(1)
  })

  test('may have an id that is none of ours', async () => {
    const run = await answered(user('1', 'one'))
    const other = await answered(user('1', 'one'), { chatId: 'chat_00002' })
    expect(other.userMessageId).not.toBe(run.userMessageId)
    await answered(user('2', 'two'), { history: [user('1', 'one'), assistant(run.messageId)] })
    expect(lastShown()).toEqual(['one', 'answer 1', 'two'])
  })

  test('that is empty or too long opens nothing', async () => {
    await expect(ask(user('message_01', ' '))).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(ask(user('message_01', 'x'.repeat(8001)))).rejects.toMatchObject({
      code: 'message-too-long',
    })
    expect(await world.ports.conversations.find({ tenantId: 'default', ownerId: 'v_alice' }, CHAT)).toBeNull()
  })

  test('of somebody else is refused', async () => {
    await answered(Q1)
    await expect(ask(Q1, {}, world.bob)).rejects.toMatchObject({ code: 'id-already-used' })
    expect(world.model.calls).toHaveLength(1)
  })
})

describe('the branch', () => {
  test('goes on from the newest answer that the client shows', async () => {
    const first = await answered(Q1)
    const second = await answered(user('message_02', 'two'), { history: [Q1, assistant(first.messageId)] })
    await answered(user('message_03', 'three'), {
      history: [Q1, assistant(first.messageId), user('message_02', 'two'), assistant(second.messageId)],
    })
    expect(lastShown()).toEqual(['one', 'answer 1', 'two', 'answer 2', 'three'])
  })

  test('goes on from the conversation when the client sends its newest message alone', async () => {
    await answered(Q1)
    await answered(user('message_02', 'two'), { history: null })
    expect(lastShown()).toEqual(['one', 'answer 1', 'two'])
  })

  test('begins anew when the client has cleared its messages', async () => {
    await answered(Q1)
    await answered(user('message_02', 'two'), { history: [] })
    expect(lastShown()).toEqual(['two'])
  })

  test('knows the answer to a question whose line broke before the client heard of it', async () => {
    await answered(Q1)
    await answered(user('message_02', 'two'), { history: [Q1, assistant('made-by-client')] })
    expect(lastShown()).toEqual(['one', 'answer 1', 'two'])
  })

  test('does not reach into another chat', async () => {
    const other = await answered(Q1)
    await answered(user('message_02', 'two'), {
      chatId: 'chat_00002',
      history: [assistant(other.messageId)],
    })
    expect(lastShown()).toEqual(['two'])
  })
})

describe('a changed question', () => {
  test('is answered beside the old one, once', async () => {
    const old = await answered(Q1)
    const changed = user(Q1.id, 'one, please')
    const run = await answered(changed)
    expect(lastShown()).toEqual(['one, please'])
    expect((await ask(changed)).id).toBe(run.id)
    await answered(user('message_02', 'two'), { history: [changed, assistant(run.messageId)] })
    expect(lastShown()).toEqual(['one, please', 'answer 2', 'two'])
    expect(await world.ended(old.id)).toMatchObject({ content: 'answer 1' })
  })
})

describe('answering once more', () => {
  test('in place of a named answer happens once', async () => {
    const first = await answered(Q1)
    const [run, repeated] = [await askAgain(Q1, first.messageId), await askAgain(Q1, first.messageId)]
    expect(repeated.id).toBe(run.id)
    await world.ended(run.id)
    expect(world.model.calls).toHaveLength(2)
    expect(lastShown()).toEqual(['one'])
    const next = await askAgain(Q1, run.messageId)
    expect(next.id).not.toBe(run.id)
  })

  test('without a name attaches to the answer under way, and else makes a new one each time', async () => {
    const first = await answered(Q1)
    world.model.script = null
    const second = await askAgain(Q1)
    const call = await (await world.model.nextCall(), world.model.nextCall())
    expect((await askAgain(Q1)).id).toBe(second.id)
    call.say('Once more.').end()
    await world.ended(second.id)
    const third = await askAgain(Q1)
    expect(new Set([first.id, second.id, third.id]).size).toBe(3)
    expect(third.userMessageId).toBe(first.userMessageId)
  })

  test('works for a changed question, and for an answer that failed', async () => {
    await answered(Q1)
    const changed = user(Q1.id, 'one, please')
    world.model.script = (call) => call.fail(new Error('boom'))
    const failed = await ask(changed)
    await world.ended(failed.id)
    world.model.script = answering('better')
    const run = await askAgain(changed, 'made-by-client')
    expect(run.userMessageId).toBe(failed.userMessageId)
    expect(await world.ended(run.id)).toMatchObject({ status: 'completed', content: 'better' })
    expect(lastShown()).toEqual(['one, please'])
  })

  test('of a question that never arrived asks it', async () => {
    world.model.script = answering('Hello.')
    const run = await askAgain(Q1, 'made-by-client')
    expect(await world.ended(run.id)).toMatchObject({ content: 'Hello.' })
  })
})

describe('resuming a chat', () => {
  const resume = (chatId = CHAT, caller = world.alice) => world.useCases.resumeChat.execute(caller, chatId)

  test('finds the newest answer while it is made and for ten minutes afterwards', async () => {
    const run = await ask(Q1)
    const call = await world.model.nextCall()
    expect((await resume())?.id).toBe(run.id)
    call.say('Yes.').end()
    await world.ended(run.id)
    await world.clock.advanceAsync(600_000)
    expect(await resume()).toMatchObject({ id: run.id, status: 'completed' })
    await world.clock.advanceAsync(1)
    expect(await resume()).toBeNull()
  })

  test('finds nothing in a chat that is unknown, empty or of somebody else', async () => {
    await answered(Q1)
    await world.conversation('chat_empty')
    expect(await resume('chat_00009')).toBeNull()
    expect(await resume('../etc')).toBeNull()
    expect(await resume('chat_empty')).toBeNull()
    expect(await resume(CHAT, world.bob)).toBeNull()
  })
})
