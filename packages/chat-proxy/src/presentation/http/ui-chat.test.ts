import { DONE } from '@colloquy/chat-core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering } from '../../application/testing/scripted-model.js'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
})
afterEach(() => world.close())

const CHAT = '/api/v1/ui/chat'
const STREAM = `${CHAT}/chat_00001/stream`

const userMessage = (text: string, id = 'message_01') => ({
  id,
  role: 'user',
  parts: [{ type: 'text', text }],
})
const turn = (over: object = {}) => ({
  id: 'chat_00001',
  messages: [userMessage('Hello?')],
  trigger: 'submit-message',
  ...over,
})
const ask = (body: unknown) => world.call(CHAT, { method: 'POST', body })

const eventsIn = (text: string): { id: string; data: string }[] =>
  [...text.matchAll(/^id: (.*)\ndata: (.*)$/gm)].map(([, id = '', data = '']) => ({ id, data }))

describe('a question', () => {
  test('is answered by a UI message stream, whatever Accept says', async () => {
    world.model.script = answering('Hel', 'lo.')
    const answer = await ask(turn())
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-vercel-ai-ui-message-stream': 'v1',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    const events = eventsIn(answer.text)
    const types = events.slice(0, -1).map(({ data }) => (JSON.parse(data) as { type: string }).type)
    expect(types).toEqual([
      'start',
      'message-metadata',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'finish',
    ])
    expect(events.at(-1)?.data).toBe(DONE)
  })

  test('has the same event ids in both formats', async () => {
    world.model.script = answering('Hel', 'lo.')
    const events = eventsIn((await ask(turn())).text)
    const runId = events[0]?.id.split('.')[0] ?? ''
    const plain = await world.call(`/api/v1/runs/${runId}/events`)
    const ui = await world.call(`/api/v1/runs/${runId}/events?format=ui`)
    expect(eventsIn(ui.text)).toEqual(events)
    expect(eventsIn(plain.text).map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    expect(plain.headers).not.toHaveProperty('x-vercel-ai-ui-message-stream')
  })

  test('may come alone, without the messages before it', async () => {
    world.model.script = answering('Hello.')
    expect((await ask({ id: 'chat_00001', message: userMessage('Hello?') })).status).toBe(200)
  })

  test.each([
    ['no chat id', turn({ id: undefined })],
    ['a chat id that can be none', turn({ id: '../etc' })],
    ['no message', turn({ messages: undefined })],
    ['an empty list', turn({ messages: [] })],
    ['both forms', turn({ message: userMessage('Hello?') })],
    ['an answer as the last message', turn({ messages: [{ ...userMessage('x'), role: 'assistant' }] })],
    ['a role that there is not', turn({ messages: [{ ...userMessage('x'), role: 'tool' }] })],
    ['a file', turn({ messages: [{ ...userMessage('x'), parts: [{ type: 'file', url: 'data:,x' }] }] })],
    ['no text', turn({ messages: [userMessage(' ')] })],
    ['parts of the wrong type', turn({ messages: [{ ...userMessage('x'), parts: 'x' }] })],
    [
      'a text of the wrong type',
      turn({ messages: [{ ...userMessage('x'), parts: [{ type: 'text', text: 1 }] }] }),
    ],
    ['an unknown trigger', turn({ trigger: 'resume-stream' })],
    ['broken JSON', '{"id":'],
  ])('with %s is refused, and nothing is stored', async (_name, body) => {
    const before = await world.storedRows()
    expectError(await ask(body), 'BadRequestError')
    expect(await world.storedRows()).toBe(before)
    expect(world.model.calls).toHaveLength(0)
  })

  test('in somebody else’s chat is a conflict', async () => {
    world.model.script = answering('Hello.')
    await ask(turn())
    const token = await world.tokenOf('v_bob')
    expectError(await world.call(CHAT, { method: 'POST', body: turn(), token }), 'ConflictError')
  })
})

describe('resuming', () => {
  test('is 204 where there is nothing to resume', async () => {
    for (const path of [STREAM, `${CHAT}/x/stream`, `${CHAT}/%F0%9F%99%82/stream`]) {
      expect(await world.call(path)).toMatchObject({ status: 204, text: '' })
    }
  })

  test('replays the answer from its beginning', async () => {
    world.model.script = answering('Hello.')
    const first = eventsIn((await ask(turn())).text)
    const again = await world.call(STREAM)
    expect(again.status).toBe(200)
    expect(eventsIn(again.text)).toEqual(first)
  })
})

describe('a snapshot', () => {
  test('in place of events that are gone starts the message anew', async () => {
    world.model.script = answering('Hello.')
    const runId = eventsIn((await ask(turn())).text)[0]?.id.split('.')[0] ?? ''
    const { text } = await world.call(`/api/v1/runs/${runId}/events?format=ui&after=${runId}.99`)
    const events = eventsIn(text)
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
    expect(events.map(({ data }) => data).join('')).toMatch(/^{"type":"start".*"Hello\.".*\[DONE\]$/)
  })
})
