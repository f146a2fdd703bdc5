import { asSchema, readUIMessageStream, uiMessageChunkSchema, type UIMessage, type UIMessageChunk } from 'ai'
import { DONE, type RunStatus } from '@colloquy/chat-core/protocol'
import { describe, expect, test } from 'vitest'
import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import { newConversation, newOwner, newRun, question } from '../../../domain/ports/testing/stored-records.js'
import type { RunEvent } from '../../../domain/run-event.js'
import { uiFormat } from './ui-chunks.js'

const RUN = newRun(newConversation(newOwner()), { messageId: 'mine_a' })
const { message: MESSAGE } = question(RUN, 'Hello?')

const ANSWER: readonly RunEvent[] = [
  { type: 'opened', model: 'm' },
  {
    type: 'identified',
    conversationId: RUN.conversationId,
    userMessageId: RUN.userMessageId,
    messageId: RUN.messageId,
    title: 'Hello?',
  },
  { type: 'reasoning-start' },
  { type: 'reasoning-delta', text: 'Hm.' },
  { type: 'reasoning-end' },
  { type: 'text-start' },
  { type: 'text-delta', text: 'Hel' },
  { type: 'text-delta', text: 'lo.' },
  { type: 'text-end', finishReason: 'length' },
  { type: 'ended', status: 'completed', usage: null, error: null, finishReason: 'length' },
]

const dataOf = (events: readonly RunEvent[]): string[] => events.map(uiFormat.eventsOf(RUN))

/** The chunks, each as the AI SDK's own schema reads it. */
const chunksOf = (data: readonly string[]): Promise<UIMessageChunk[]> =>
  Promise.all(
    data.map(async (json) => {
      const checked = await asSchema(uiMessageChunkSchema).validate?.(JSON.parse(json))
      if (!checked?.success) throw new Error(`The AI SDK does not know ${json}`, { cause: checked?.error })
      return checked.value
    }),
  )

/** The message that the AI SDK makes of these events. */
async function messageOf(data: readonly string[]): Promise<UIMessage | undefined> {
  const stream = ReadableStream.from(await chunksOf(data))
  let message: UIMessage | undefined
  for await (const state of readUIMessageStream({ stream, terminateOnError: true })) message = state
  return message
}

const snapshot = (over: {
  status: RunStatus
  content: string
  reasoning?: string
  open?: RunSnapshot['open']
}): RunSnapshot => ({
  run: { ...RUN, status: over.status },
  message: { ...MESSAGE, content: over.content },
  seq: 6,
  queuePosition: 0,
  reasoning: over.reasoning ?? '',
  open: over.open ?? { reasoning: false, text: false },
})

describe('an answer', () => {
  test('is chunk by chunk what the AI SDK expects', async () => {
    expect(await chunksOf(dataOf(ANSWER))).toEqual([
      {
        type: 'start',
        messageId: 'mine_a',
        messageMetadata: {
          run_id: RUN.id,
          conversation_id: RUN.conversationId,
          user_message_id: RUN.userMessageId,
        },
      },
      { type: 'message-metadata', messageMetadata: { title: 'Hello?' } },
      { type: 'reasoning-start', id: 'reasoning' },
      { type: 'reasoning-delta', id: 'reasoning', delta: 'Hm.' },
      { type: 'reasoning-end', id: 'reasoning' },
      { type: 'text-start', id: 'text' },
      { type: 'text-delta', id: 'text', delta: 'Hel' },
      { type: 'text-delta', id: 'text', delta: 'lo.' },
      { type: 'text-end', id: 'text' },
      { type: 'finish', finishReason: 'length', messageMetadata: { status: 'completed', usage: null } },
    ])
    expect(uiFormat.eventsOf(RUN)({ type: 'closed' })).toBe(DONE)
  })

  test('becomes a message with its parts in order', async () => {
    expect(await messageOf(dataOf(ANSWER))).toMatchObject({
      id: 'mine_a',
      role: 'assistant',
      metadata: { run_id: RUN.id, title: 'Hello?', status: 'completed' },
      parts: [
        { type: 'reasoning', text: 'Hm.', state: 'done' },
        { type: 'text', text: 'Hello.', state: 'done' },
      ],
    })
  })

  test('that was stopped is an abort, and every other end an error in words for people', async () => {
    const end = (status: 'stopped' | 'failed' | 'interrupted' | 'blocked', message?: string) =>
      uiFormat.eventsOf(RUN)({
        type: 'ended',
        status,
        usage: null,
        error: message === undefined ? null : { code: 'upstream_broken', message, retryable: true },
      })
    expect(await chunksOf([end('stopped')])).toEqual([{ type: 'abort', reason: 'stopped' }])
    for (const status of ['failed', 'interrupted', 'blocked'] as const) {
      expect(await chunksOf([end(status, 'It broke off.')])).toEqual([
        { type: 'error', errorText: 'It broke off.' },
      ])
    }
    expect(await chunksOf([end('blocked')])).toEqual([
      { type: 'error', errorText: expect.stringMatching(/./) },
    ])
  })

  test.each([
    ['stop', 'stop'],
    ['tool_calls', 'tool-calls'],
    ['content_filter', 'content-filter'],
  ] as const)('that ended by %s ends by %s', async (finishReason, expected) => {
    const ended: RunEvent = { type: 'ended', status: 'completed', usage: null, error: null, finishReason }
    expect(await chunksOf(dataOf([ended]))).toMatchObject([{ type: 'finish', finishReason: expected }])
  })
})

describe('a snapshot', () => {
  test.each(Array.from({ length: 8 }, (_, index) => index + 1))(
    'taken after event %i goes on with the next one to the same message',
    async (taken) => {
      const before = ANSWER.slice(0, taken)
      const textIn = (type: 'text-delta' | 'reasoning-delta'): string =>
        before.map((event) => (event.type === type ? event.text : '')).join('')
      const has = (type: RunEvent['type']): boolean => before.some((event) => event.type === type)
      const data = uiFormat.resync(
        snapshot({
          status: 'streaming',
          content: textIn('text-delta'),
          reasoning: textIn('reasoning-delta'),
          open: {
            reasoning: has('reasoning-start') && !has('reasoning-end'),
            text: has('text-start') && !has('text-end'),
          },
        }),
        false,
      )
      expect(await messageOf([...data, ...dataOf(ANSWER.slice(taken))])).toMatchObject({
        id: 'mine_a',
        parts: [
          { type: 'reasoning', text: 'Hm.', state: 'done' },
          { type: 'text', text: 'Hello.', state: 'done' },
        ],
      })
    },
  )

  test('in the middle of a stream takes back what came before it', async () => {
    const content = 'Hello, you.'
    const data = [
      ...dataOf(ANSWER.slice(0, 7)),
      ...uiFormat.resync(snapshot({ status: 'completed', content }), true).slice(0, -1),
    ]
    const { parts } = (await messageOf(data)) ?? {}
    expect(parts).toMatchObject([{ type: 'text', text: content, state: 'done' }])
  })

  test('of a run that has ended ends the stream', async () => {
    const data = uiFormat.resync(snapshot({ status: 'completed', content: 'Hello.' }), false)
    expect(data.at(-1)).toBe(DONE)
    expect((await chunksOf(data.slice(0, -1))).map(({ type }) => type)).toEqual([
      'start',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ])
  })

  test('of a run that ended without a word has no part', async () => {
    const data = uiFormat.resync(snapshot({ status: 'stopped', content: '' }), false)
    expect((await chunksOf(data.slice(0, -1))).map(({ type }) => type)).toEqual(['start', 'abort'])
  })
})
