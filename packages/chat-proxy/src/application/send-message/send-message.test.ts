import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqlite } from '../../infrastructure/sql/index.js'
import { answering } from '../testing/scripted-model.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { SendMessageInput } from './input.js'

let world: World
beforeEach(async () => {
  world = await createWorld({ settings: { maxMessageChars: 20 } })
  world.model.script = answering('Hello.')
  await world.conversation()
})
afterEach(() => world.close())

const send = (input: Partial<SendMessageInput> = {}, caller = world.alice) =>
  world.useCases.sendMessage.execute(caller, {
    conversationId: 'c_00001',
    content: 'Hello?',
    runId: 'run_01',
    ...input,
  })

const ask = async (input: Partial<SendMessageInput> & { runId: string }) => {
  const { run } = await send(input)
  await world.ended(run.id)
  return run
}

const messages = async () =>
  (await world.useCases.getConversation.execute(world.alice, { id: 'c_00001', limit: 200 })).messages

const nothingStored = async (): Promise<void> => {
  expect(await messages()).toEqual([])
  expect(world.model.calls).toHaveLength(0)
}

describe('a first question', () => {
  test('stores question and answer and names the conversation', async () => {
    await ask({ runId: 'run_01' })
    expect(await messages()).toMatchObject([
      { role: 'user', content: 'Hello?', parentId: null, status: 'completed', runId: null },
      { role: 'assistant', content: 'Hello.', status: 'completed', runId: 'run_01' },
    ])
    const { conversation } = await world.useCases.getConversation.execute(world.alice, {
      id: 'c_00001',
      limit: 1,
    })
    expect(conversation.title).toBe('Hello?')
  })

  test('leaves a title that somebody gave', async () => {
    await world.useCases.updateConversation.execute(world.alice, 'c_00001', { title: 'Mine' })
    await ask({ runId: 'run_01' })
    const { conversation } = await world.useCases.getConversation.execute(world.alice, {
      id: 'c_00001',
      limit: 1,
    })
    expect(conversation.title).toBe('Mine')
  })

  test('takes the ids that the client made', async () => {
    const run = await ask({ runId: 'run_01', messageId: 'mine_q', answerId: 'mine_a' })
    expect(run).toMatchObject({ userMessageId: 'mine_q', messageId: 'mine_a' })
    expect((await messages()).map(({ id }) => id)).toEqual(['mine_q', 'mine_a'])
  })

  test('without any id gets good ones', async () => {
    const { run } = await send({ runId: undefined })
    await world.ended(run.id)
    expect(run.id).toMatch(/^r_[\w-]{22}$/)
    expect(run.userMessageId).not.toBe(run.messageId)
  })
})

describe('branches', () => {
  test('the next question follows the newest answer', async () => {
    const first = await ask({ runId: 'run_01' })
    await ask({ runId: 'run_02', content: 'More?' })
    expect((await messages())[2]).toMatchObject({ content: 'More?', parentId: first.messageId })
  })

  test('regenerate answers the same question beside the old answer', async () => {
    const first = await ask({ runId: 'run_01' })
    const again = await ask({ runId: 'run_02', content: undefined, regenerate: first.messageId })
    expect(again.userMessageId).toBe(first.userMessageId)
    const all = await messages()
    expect(all).toHaveLength(3)
    expect(all[2]).toMatchObject({ role: 'assistant', parentId: first.userMessageId })
    expect(world.model.calls[1]?.request.messages.at(-1)).toEqual({ role: 'user', content: 'Hello?' })
  })

  test('edit puts a new question beside the old one', async () => {
    const first = await ask({ runId: 'run_01' })
    const second = await ask({ runId: 'run_02', content: 'More?' })
    await ask({ runId: 'run_03', content: 'Less?', edit: second.userMessageId })
    expect((await messages())[4]).toMatchObject({ content: 'Less?', parentId: first.messageId })
    expect(world.model.calls[2]?.request.messages.map(({ content }) => content)).toEqual([
      'Be brief.',
      'Hello?',
      'Hello.',
      'Less?',
    ])
  })

  test('parent_id goes on from an older answer', async () => {
    const first = await ask({ runId: 'run_01' })
    await ask({ runId: 'run_02', content: 'More?' })
    await ask({ runId: 'run_03', content: 'Other?', parentId: first.messageId })
    expect((await messages())[4]).toMatchObject({ content: 'Other?', parentId: first.messageId })
  })

  test('of another conversation are not found', async () => {
    const first = await ask({ runId: 'run_01' })
    await world.conversation('c_00002')
    const elsewhere = { conversationId: 'c_00002', runId: 'run_02' }
    for (const input of [
      { content: undefined, regenerate: first.messageId },
      { edit: first.userMessageId },
      { parentId: first.messageId },
      { parentId: 'm_nowhere' },
    ]) {
      await expect(send({ ...elsewhere, ...input })).rejects.toMatchObject({ code: 'message-not-found' })
    }
  })

  test('need a message of the right role', async () => {
    const first = await ask({ runId: 'run_01' })
    for (const input of [
      { content: undefined, regenerate: first.userMessageId },
      { edit: first.messageId },
      { parentId: first.userMessageId },
    ]) {
      await expect(send({ runId: 'run_02', ...input })).rejects.toMatchObject({ code: 'invalid-input' })
    }
  })
})

describe('what is refused stores nothing', () => {
  const CASES: readonly [string, Partial<SendMessageInput>, string][] = [
    ['no content', { content: undefined }, 'invalid-input'],
    ['an empty message', { content: '' }, 'invalid-input'],
    ['white space', { content: ' \n\u00a0\t ' }, 'invalid-input'],
    ['one code unit too many', { content: 'x'.repeat(21) }, 'message-too-long'],
    ['an emoji counts as two', { content: '🙂'.repeat(10) + 'x' }, 'message-too-long'],
    ['regenerate with content', { regenerate: 'm_00001' }, 'invalid-input'],
    [
      'regenerate with parent_id',
      { content: undefined, regenerate: 'm_00001', parentId: 'm_00002' },
      'invalid-input',
    ],
    ['edit with parent_id', { edit: 'm_00001', parentId: 'm_00002' }, 'invalid-input'],
    ['edit without content', { content: undefined, edit: 'm_00001' }, 'invalid-input'],
    ['an unknown conversation', { conversationId: 'c_nowhere' }, 'conversation-not-found'],
    ['an id that cannot be one', { conversationId: "' or 1=1" }, 'conversation-not-found'],
  ]
  test.each(CASES)('%s', async (_name, input, code) => {
    await expect(send(input)).rejects.toMatchObject({ code })
    await nothingStored()
  })

  test('the limit is named', async () => {
    await expect(send({ content: 'x'.repeat(21) })).rejects.toMatchObject({
      detail: expect.stringContaining('20'),
    })
    await expect(send({ content: 'x'.repeat(20) })).resolves.toMatchObject({ admitted: true })
  })

  test('somebody else’s conversation', async () => {
    await expect(send({}, world.bob)).rejects.toMatchObject({ code: 'conversation-not-found' })
    await nothingStored()
  })

  test('a message id that is taken', async () => {
    await ask({ runId: 'run_01', messageId: 'mine_q' })
    await expect(send({ runId: 'run_02', messageId: 'mine_q' })).rejects.toMatchObject({
      code: 'id-already-used',
    })
    expect(await messages()).toHaveLength(2)
    expect(world.model.calls).toHaveLength(1)
  })
})

describe('the same run id', () => {
  test('with the same request attaches and never calls the model again', async () => {
    const first = await ask({ runId: 'run_01' })
    const again = await send()
    expect(again).toMatchObject({ admitted: false, run: { id: first.id, messageId: first.messageId } })
    expect(world.model.calls).toHaveLength(1)
    expect(await messages()).toHaveLength(2)
  })

  test('with another request is a conflict', async () => {
    await ask({ runId: 'run_01' })
    for (const input of [{ content: 'Other?' }, { messageId: 'mine_q' }, { conversationId: 'c_00002' }]) {
      await expect(send(input)).rejects.toMatchObject({ code: 'id-already-used' })
    }
  })

  test('of somebody else is a conflict that tells nothing', async () => {
    await ask({ runId: 'run_01' })
    await world.conversation('c_bob01', world.bob)
    await expect(send({ conversationId: 'c_bob01' }, world.bob)).rejects.toMatchObject({
      code: 'id-already-used',
    })
    expect(world.model.calls).toHaveLength(1)
  })

  test('a hundred times at once is one run and one call', async () => {
    const sent = await Promise.all(Array.from({ length: 100 }, () => send()))
    expect(sent.filter(({ admitted }) => admitted)).toHaveLength(1)
    expect(new Set(sent.map(({ run }) => run.messageId)).size).toBe(1)
    await world.ended('run_01')
    expect(world.model.calls).toHaveLength(1)
    expect(await messages()).toHaveLength(2)
  })
})

test('a question that is sent again while the disk writes it is acknowledged no sooner than the first', async () => {
  await world.close()
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-again-'))
  const held: (() => void)[] = []
  let isSlow = false
  const sync = (): Promise<void> =>
    isSlow ? new Promise((resolve) => held.push(resolve)) : Promise.resolve()
  world = await createWorld({
    openDatabase: (now) => openSqlite({ file: join(folder, 'chat.db'), now, sync }),
  })
  await world.conversation()
  isSlow = true
  const acknowledged: boolean[] = []
  const sends = [send()]
  await expect.poll(() => held.length).toBe(1)
  sends.push(send())
  for (const sent of sends) void sent.then(({ admitted }) => acknowledged.push(admitted))
  // Far more than it takes to find the first.
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(acknowledged).toEqual([])
  isSlow = false
  for (const release of held) release()
  await Promise.all(sends)
  expect(acknowledged).toEqual([true, false])
  await world.close()
  await rm(folder, { recursive: true })
})
