import { describe, expect, test } from 'vitest'
import { normaliseChunk } from './normalise-chunk.js'

const EMPTY = {
  text: '',
  reasoning: '',
  toolCalls: [],
  isToken: false,
  finishReason: null,
  usage: null,
  isFailure: false,
}
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

  test.each([
    { reasoning_content: 'hm' },
    { reasoning: 'hm' },
    { reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] },
    { reasoning_content: 'hm', reasoning: 'hm' },
    { reasoning_content: '', reasoning: 'hm', content: null },
    { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] },
    { content: [{ type: 'thinking', thinking: 'hm' }] },
  ])('%j is reasoning, once', (delta) => {
    expect(normaliseChunk(choice(delta))).toEqual({ ...EMPTY, reasoning: 'hm', isToken: true })
  })

  test('a refusal shows a model at work', () => {
    expect(normaliseChunk(choice({ refusal: 'no' }))).toEqual({ ...EMPTY, isToken: true })
  })

  test('content in parts gives its text and its thoughts, and nothing else', () => {
    const parts = [
      { type: 'thinking', thinking: [] },
      { type: 'text', text: 'a' },
      null,
      'x',
      { type: 'reference', reference_ids: [1] },
      { type: 'text', text: 7 },
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'b' },
    ]
    expect(normaliseChunk(choice({ content: parts }))).toEqual({
      ...EMPTY,
      text: 'ab',
      reasoning: 'hm',
      isToken: true,
    })
    expect(normaliseChunk(choice({ content: [{ type: 'thinking' }] }))).toEqual({ ...EMPTY, isToken: true })
  })

  test.each([
    [
      { index: 1, id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { index: 1, id: 'a', name: 'f', arguments: '{}' },
    ],
    [{ function: { arguments: '{"x' } }, { index: null, id: '', name: '', arguments: '{"x' }],
    [
      { index: 0, id: null, function: { name: null, arguments: null } },
      { index: 0, id: '', name: '', arguments: '' },
    ],
    [
      { index: '0', id: 7, function: { name: 'f', arguments: { x: [1] } } },
      { index: null, id: '', name: 'f', arguments: '{"x":[1]}' },
    ],
    [
      { index: -1, function: 'f' },
      { index: null, id: '', name: '', arguments: '' },
    ],
    [null, { index: null, id: '', name: '', arguments: '' }],
  ])('the tool call %j is read as far as it can be', (call, piece) => {
    expect(normaliseChunk(choice({ tool_calls: [call] }))).toEqual({
      ...EMPTY,
      isToken: true,
      toolCalls: [piece],
    })
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
    expect(usage({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: full }] })).toEqual(full)
    expect(usage({ usage: null, choices: [{ usage: full }] })).toEqual(full)
    expect(usage({ usage: { completion_tokens: 4 } })).toEqual({ ...full, prompt_tokens: 0, total_tokens: 4 })
    expect(usage({ usage: { ...full, total_tokens: 2 ** 53 - 1 } })).toEqual(full)
    for (const none of [
      {},
      { total_tokens: 7 },
      { prompt_tokens: -1 },
      { prompt_tokens: '3' },
      { prompt_tokens: 0.5 },
      { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: Number.MAX_SAFE_INTEGER },
      { prompt_tokens: 1_000_000_001 },
    ])
      expect(usage({ usage: none })).toBeNull()
  })

  test('sees a failure that is reported in the stream', () => {
    expect(normaliseChunk({ error: { message: 'overloaded', code: 502 } })?.isFailure).toBe(true)
    expect(normaliseChunk({ error: 'overloaded' })?.isFailure).toBe(true)
    expect(normaliseChunk(choice({ content: '' }, 'error'))?.isFailure).toBe(true)
    expect(normaliseChunk({ choices: [{ error: { code: 502 }, delta: {} }] })?.isFailure).toBe(true)
    expect(normaliseChunk({ x_groq: { id: 'x', error: 'over capacity' } })?.isFailure).toBe(true)
    expect(normaliseChunk({ object: 'error', message: 'overloaded', code: 3505 })?.isFailure).toBe(true)
  })
})
