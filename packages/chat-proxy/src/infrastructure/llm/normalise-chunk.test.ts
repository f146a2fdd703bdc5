import { describe, expect, test } from 'vitest'
import { normaliseChunk } from './normalise-chunk.js'

const EMPTY = { text: '', isToken: false, finishReason: null, usage: null, isFailure: false }
const choice = (delta: unknown, finish_reason: unknown = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
})

describe('normaliseChunk', () => {
  test('reads the text of a delta', () => {
    expect(normaliseChunk(choice({ role: 'assistant', content: 'Hi' }))).toEqual({
      ...EMPTY,
      text: 'Hi',
      isToken: true,
    })
    expect(normaliseChunk(choice({ content: ' ' }))).toEqual({ ...EMPTY, text: ' ', isToken: true })
  })

  test.each([
    {},
    { choices: [] },
    { choices: null },
    { choices: {} },
    { choices: [null] },
    choice(null),
    choice({}),
    choice({ role: 'assistant' }),
    choice({ role: 'assistant', content: '' }),
    choice({ content: null }),
    choice({ content: 7 }),
    choice({ content: [], tool_calls: [], reasoning_content: null, reasoning: '' }),
    { choices: [{ index: 0 }], usage: null, error: null },
    choice({}, ''),
    choice({}, 7),
  ])('finds nothing in %j', (chunk) => {
    expect(normaliseChunk(chunk)).toEqual(EMPTY)
  })

  test.each([null, undefined, 7, 'text', true, [], [choice({ content: 'x' })]])('%j is no chunk', (value) => {
    expect(normaliseChunk(value)).toBeNull()
  })

  test('reasoning and tool calls show a model at work, without text', () => {
    for (const delta of [
      { reasoning_content: 'hm' },
      { reasoning: 'hm' },
      { tool_calls: [{}] },
      { refusal: 'no' },
    ])
      expect(normaliseChunk(choice(delta))).toEqual({ ...EMPTY, isToken: true })
  })

  test('content in parts gives its text parts', () => {
    const parts = [
      { type: 'thinking', thinking: [] },
      { type: 'text', text: 'a' },
      null,
      'x',
      { type: 'text', text: 'b' },
    ]
    expect(normaliseChunk(choice({ content: parts }))).toEqual({ ...EMPTY, text: 'ab', isToken: true })
    expect(normaliseChunk(choice({ content: [{ type: 'thinking' }] }))).toEqual({ ...EMPTY, isToken: true })
  })

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['eos', 'stop'],
    ['constructor', 'stop'],
  ])('finish reason %s means %s', (given, meant) => {
    expect(normaliseChunk(choice({}, given))?.finishReason).toBe(meant)
  })

  test('reads a whole completion like one chunk', () => {
    expect(
      normaliseChunk({
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'All of it' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
      }),
    ).toEqual({
      ...EMPTY,
      text: 'All of it',
      isToken: true,
      finishReason: 'stop',
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    })
  })

  test('reads usage wherever it stands, and completes it', () => {
    const usage = (value: object) => normaliseChunk(value)?.usage
    const full = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
    expect(usage({ choices: [], usage: { ...full, extra: 1 } })).toEqual(full)
    expect(usage({ ...choice({ content: 'x' }), usage: { prompt_tokens: 3, completion_tokens: 4 } })).toEqual(
      full,
    )
    expect(usage({ x_groq: { id: 'x', usage: full } })).toEqual(full)
    expect(usage({ usage: { completion_tokens: 4 } })).toEqual({ ...full, prompt_tokens: 0, total_tokens: 4 })
    for (const none of [
      {},
      { total_tokens: 7 },
      { prompt_tokens: -1 },
      { prompt_tokens: '3' },
      { prompt_tokens: 0.5 },
    ])
      expect(usage({ usage: none })).toBeNull()
  })

  test('sees a failure that is reported in the stream', () => {
    expect(normaliseChunk({ error: { message: 'overloaded', code: 502 } })?.isFailure).toBe(true)
    expect(normaliseChunk({ error: 'overloaded' })?.isFailure).toBe(true)
    expect(normaliseChunk(choice({ content: '' }, 'error'))?.isFailure).toBe(true)
  })
})
