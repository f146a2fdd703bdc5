import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ToolCall } from '../../../domain/ports/chat-model.js'

/** Chunks in the shape in which a provider sends them, and what they mean. Written for the test, not recorded. */
export interface ProviderQuirk {
  readonly name: string
  /** Each one event; a string is sent as it stands. */
  readonly events: readonly unknown[]
  readonly text?: string
  readonly reasoning?: string
  /** An empty id stands for one that we make, because the provider gave none. */
  readonly toolCalls?: readonly ToolCall[]
  readonly finish?: FinishReason
  readonly usage?: Usage
  /** The answer is not whole. */
  readonly isBroken?: true
}

const count = (prompt: number, completion: number): Usage => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
})

const head = { object: 'chat.completion.chunk', created: 1_780_000_000, model: 'some-model' }

/** A chunk with one choice. */
const chunk = (delta: unknown, more: object = {}, choice: object = {}): object => ({
  id: 'chatcmpl-7f',
  ...head,
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...more,
})
const end = (finish_reason: string | null, more: object = {}): object => chunk({}, more, { finish_reason })
const callOf = (index: number | undefined, id: string | null | undefined, made: object): object => ({
  tool_calls: [{ ...(index !== undefined && { index }), ...(id !== undefined && { id }), function: made }],
})

const WEATHER = '{"city":"Köln"}'
const DONE = '[DONE]'

export const PROVIDER_QUIRKS: readonly ProviderQuirk[] = [
  {
    name: 'OpenAI: role first, usage after the finish in a chunk without choices, null on all others',
    events: [
      chunk({ role: 'assistant', content: '', refusal: null }, { usage: null, obfuscation: 'x9' }),
      chunk({ content: 'Hello' }, { usage: null }),
      chunk({ content: ' there' }, { usage: null }),
      end('stop', { usage: null }),
      { id: 'chatcmpl-7f', ...head, choices: [], usage: { ...count(9, 2), prompt_tokens_details: {} } },
      DONE,
    ],
    text: 'Hello there',
    finish: 'stop',
    usage: count(9, 2),
  },
  {
    name: 'OpenAI: parallel tool calls with content null',
    events: [
      chunk({ role: 'assistant', content: null }),
      chunk({
        tool_calls: [
          { index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } },
        ],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Köln"}' } }] }),
      chunk({
        tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'time', arguments: '' } }],
      }),
      chunk({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }),
      end('tool_calls'),
      DONE,
    ],
    toolCalls: [
      { id: 'call_a', name: 'weather', arguments: WEATHER },
      { id: 'call_b', name: 'time', arguments: '{}' },
    ],
    finish: 'tool_calls',
  },
  {
    name: 'Qwen: empty id and empty finish reason, reasoning with content null, usage after',
    events: [
      chunk({ role: 'assistant', content: null, reasoning_content: '' }, { id: '' }),
      chunk({ content: null, reasoning_content: 'Let me ' }, { id: '' }, { finish_reason: '' }),
      chunk({ content: null, reasoning_content: 'see.' }, { id: '' }, { finish_reason: '' }),
      chunk({ content: 'Hi', reasoning_content: null }, { id: '' }, { finish_reason: '' }),
      chunk({ content: '', reasoning_content: null }, { id: '' }, { finish_reason: 'stop' }),
      { id: '', ...head, choices: [], usage: count(12, 5) },
      DONE,
    ],
    reasoning: 'Let me see.',
    text: 'Hi',
    finish: 'stop',
    usage: count(12, 5),
  },
  {
    name: 'Qwen: tool call with an empty id and no name on what follows',
    events: [
      chunk({ role: 'assistant', content: null, ...callOf(0, 'call_q', { name: 'weather', arguments: '' }) }),
      chunk(callOf(0, '', { name: null, arguments: '{"city":' })),
      chunk(callOf(0, '', { arguments: '"Köln"}' })),
      end('tool_calls'),
      DONE,
    ],
    toolCalls: [{ id: 'call_q', name: 'weather', arguments: WEATHER }],
    finish: 'tool_calls',
  },
  {
    name: 'Groq: usage in a field of its own on the finish chunk, reasoning in `reasoning`',
    events: [
      chunk({ role: 'assistant', content: '' }, { x_groq: { id: 'req_1' } }),
      chunk({ reasoning: 'Hm.', channel: 'analysis' }),
      chunk({ content: 'Hi' }),
      end('stop', { x_groq: { id: 'req_1', usage: { ...count(4, 3), queue_time: 0.01 } } }),
      DONE,
    ],
    reasoning: 'Hm.',
    text: 'Hi',
    finish: 'stop',
    usage: count(4, 3),
  },
  {
    name: 'Groq: stops with an error in a field of its own',
    events: [chunk({ content: 'Hi' }), chunk({}, { x_groq: { id: 'req_1', error: 'over capacity' } }), DONE],
    text: 'Hi',
    isBroken: true,
  },
  {
    name: 'DeepSeek: reasoning beside content null, usage on the finish chunk, comments between',
    events: [
      ': keep-alive\n\n',
      chunk({ role: 'assistant', content: null, reasoning_content: '' }),
      chunk({ content: null, reasoning_content: 'First, ' }),
      chunk({ content: null, reasoning_content: 'think.' }),
      ': keep-alive\n\n',
      chunk({ content: 'Done', reasoning_content: null }),
      chunk({ content: '', reasoning_content: null }, { usage: count(7, 9) }, { finish_reason: 'stop' }),
      DONE,
    ],
    reasoning: 'First, think.',
    text: 'Done',
    finish: 'stop',
    usage: count(7, 9),
  },
  {
    name: 'DeepSeek: runs out of resources',
    events: [chunk({ content: 'Half' }), end('insufficient_system_resource'), DONE],
    text: 'Half',
    isBroken: true,
  },
  {
    name: 'Mistral: content in parts, thoughts among them, usage on the finish chunk',
    events: [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Well, ' }] }] }),
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'yes.' }], closed: true }] }),
      chunk({
        content: [
          { type: 'text', text: 'Yes' },
          { type: 'reference', reference_ids: [0] },
        ],
      }),
      chunk({ content: '.' }),
      chunk({ content: '' }, { usage: count(3, 3) }, { finish_reason: 'stop' }),
      DONE,
    ],
    reasoning: 'Well, yes.',
    text: 'Yes.',
    finish: 'stop',
    usage: count(3, 3),
  },
  {
    name: 'Mistral: whole tool calls in one chunk, without indexes',
    events: [
      chunk(
        {
          content: '',
          tool_calls: [
            { id: 'Xk2aB9cD1', function: { name: 'weather', arguments: WEATHER } },
            { id: 'null', function: { name: 'time', arguments: '{}' } },
          ],
        },
        {},
        { finish_reason: 'tool_calls' },
      ),
      DONE,
    ],
    toolCalls: [
      { id: 'Xk2aB9cD1', name: 'weather', arguments: WEATHER },
      { id: '', name: 'time', arguments: '{}' },
    ],
    finish: 'tool_calls',
  },
  {
    name: 'Mistral: a tool call in pieces, without an index on any of them',
    events: [
      chunk(callOf(undefined, 'Xk2aB9cD1', { name: 'weather', arguments: '' })),
      chunk(callOf(undefined, 'null', { name: '', arguments: '{"city":' })),
      chunk(callOf(undefined, undefined, { arguments: '"Köln"}' })),
      end('tool_calls'),
      DONE,
    ],
    toolCalls: [{ id: 'Xk2aB9cD1', name: 'weather', arguments: WEATHER }],
    finish: 'tool_calls',
  },
  {
    name: 'Mistral: an error as an object of its own',
    events: [chunk({ content: 'Hi' }), { object: 'error', message: 'Service unavailable', code: '3505' }],
    text: 'Hi',
    isBroken: true,
  },
  {
    name: 'xAI: role and a growing usage on every chunk',
    events: [
      chunk({ role: 'assistant', reasoning_content: 'Thinking' }, { usage: count(8, 1) }),
      chunk({ role: 'assistant', reasoning_content: '...' }, { usage: count(8, 2) }),
      chunk({ role: 'assistant', content: 'Four' }, { usage: count(8, 3) }),
      chunk({ role: 'assistant', content: '.' }, { usage: count(8, 4) }),
      end('stop', { usage: count(8, 4) }),
      { id: 'chatcmpl-7f', ...head, choices: [], usage: count(8, 40) },
      DONE,
    ],
    reasoning: 'Thinking...',
    text: 'Four.',
    finish: 'stop',
    usage: count(8, 40),
  },
  {
    name: 'xAI: a whole tool call in one chunk, on an answer that also has text',
    events: [
      chunk({ role: 'assistant', content: 'I look.' }),
      chunk({
        role: 'assistant',
        tool_calls: [
          { id: 'call_9', function: { name: 'weather', arguments: WEATHER }, index: 0, type: 'function' },
        ],
      }),
      end('stop'),
      DONE,
    ],
    text: 'I look.',
    toolCalls: [{ id: 'call_9', name: 'weather', arguments: WEATHER }],
    finish: 'tool_calls',
  },
  {
    name: 'Moonshot: usage within the choice of the finish chunk',
    events: [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Moon' }),
      chunk({}, {}, { finish_reason: 'stop', usage: count(19, 1) }),
      DONE,
    ],
    text: 'Moon',
    finish: 'stop',
    usage: count(19, 1),
  },
  {
    name: 'Moonshot: ids of calls are made of name and place',
    events: [
      chunk(callOf(0, 'functions.weather:0', { name: 'weather', arguments: '' })),
      chunk(callOf(0, undefined, { arguments: WEATHER })),
      chunk(callOf(1, 'functions.weather:1', { name: 'weather', arguments: '' })),
      chunk(callOf(1, undefined, { arguments: '{"city":"Bonn"}' })),
      end('tool_calls'),
      DONE,
    ],
    toolCalls: [
      { id: 'functions.weather:0', name: 'weather', arguments: WEATHER },
      { id: 'functions.weather:1', name: 'weather', arguments: '{"city":"Bonn"}' },
    ],
    finish: 'tool_calls',
  },
  {
    name: 'Perplexity: the whole text so far beside every delta, usage on every chunk, thoughts in tags, no [DONE]',
    events: [
      chunk(
        { role: 'assistant', content: '<thi' },
        { usage: count(5, 1), citations: ['https://example.com'] },
        { message: { role: 'assistant', content: '<thi' } },
      ),
      chunk(
        { role: 'assistant', content: 'nk>Search.</think>\n\nFou' },
        { usage: count(5, 2) },
        { message: { role: 'assistant', content: '<think>Search.</think>\n\nFou' } },
      ),
      chunk(
        { role: 'assistant', content: 'nd' },
        { usage: count(5, 3) },
        {
          finish_reason: 'stop',
          message: { role: 'assistant', content: '<think>Search.</think>\n\nFound' },
        },
      ),
    ],
    reasoning: 'Search.',
    text: 'Found',
    finish: 'stop',
    usage: count(5, 3),
  },
  {
    name: 'Ollama: one id for all answers, role on every chunk, no usage',
    events: [
      chunk({ role: 'assistant', content: '', reasoning: 'So' }, { id: 'chatcmpl-1' }),
      chunk({ role: 'assistant', content: 'Lla' }, { id: 'chatcmpl-1' }),
      chunk({ role: 'assistant', content: 'ma' }, { id: 'chatcmpl-1' }),
      chunk({ role: 'assistant', content: '' }, { id: 'chatcmpl-1' }, { finish_reason: 'stop' }),
      DONE,
    ],
    reasoning: 'So',
    text: 'Llama',
    finish: 'stop',
  },
  {
    name: 'Ollama: every tool call at index 0, and a stop at the end',
    events: [
      chunk({
        role: 'assistant',
        content: '',
        ...callOf(0, 'call_k', { name: 'weather', arguments: WEATHER }),
      }),
      chunk({ role: 'assistant', content: '', ...callOf(0, 'call_l', { name: 'weather', arguments: '{}' }) }),
      end('stop'),
      DONE,
    ],
    toolCalls: [
      { id: 'call_k', name: 'weather', arguments: WEATHER },
      { id: 'call_l', name: 'weather', arguments: '{}' },
    ],
    finish: 'tool_calls',
  },
  {
    name: 'Ollama: tool calls without ids, arguments as an object',
    events: [
      chunk(callOf(undefined, undefined, { name: 'weather', arguments: { city: 'Köln' } })),
      chunk(callOf(undefined, undefined, { name: 'weather', arguments: { city: 'Bonn' } })),
      end('stop'),
      DONE,
    ],
    toolCalls: [
      { id: '', name: 'weather', arguments: WEATHER },
      { id: '', name: 'weather', arguments: '{"city":"Bonn"}' },
    ],
    finish: 'tool_calls',
  },
  {
    name: 'llama.cpp: no role chunk, usage and timings on the last one',
    events: [
      chunk({ content: 'Loc' }),
      chunk({ content: 'al' }),
      end('stop', { usage: count(2, 2), timings: { predicted_ms: 3.5 } }),
      DONE,
    ],
    text: 'Local',
    finish: 'stop',
    usage: count(2, 2),
  },
  {
    name: 'llama.cpp: role with content null, a tool call in single characters',
    events: [
      chunk({ role: 'assistant', content: null }),
      chunk(callOf(0, 'mX8', { name: 'weather', arguments: '' })),
      ...Array.from(WEATHER, (letter) => chunk(callOf(0, undefined, { arguments: letter }))),
      end('tool_calls'),
      DONE,
    ],
    toolCalls: [{ id: 'mX8', name: 'weather', arguments: WEATHER }],
    finish: 'tool_calls',
  },
  {
    name: 'llama.cpp: an error in mid-stream',
    events: [
      chunk({ content: 'Loc' }),
      { error: { code: 500, message: 'context shift is disabled', type: 'server_error' } },
    ],
    text: 'Loc',
    isBroken: true,
  },
  {
    name: 'OpenRouter: an error in the choice',
    events: [
      chunk({ content: 'Rou' }),
      chunk({ content: '' }, {}, { finish_reason: 'error', error: { code: 502, message: 'upstream' } }),
      DONE,
    ],
    text: 'Rou',
    isBroken: true,
  },
  {
    name: 'any: an event that is named error and holds no JSON',
    events: [chunk({ content: 'Hi' }), 'event: error\ndata: Internal Server Error\n\n', DONE],
    text: 'Hi',
    isBroken: true,
  },
  {
    name: 'any: events without data as signs of life',
    events: ['data: \n\n', 'event: ping\ndata:\n\n', chunk({ content: 'Hi' }), 'data: [DONE] \n\n'],
    text: 'Hi',
    finish: 'stop',
  },
  {
    name: 'any: no finish reason, but [DONE]',
    events: [chunk({ content: 'Hi' }, {}, { finish_reason: '' }), DONE],
    text: 'Hi',
    finish: 'stop',
  },
  {
    name: 'any: no finish reason and no [DONE]',
    events: [chunk({ content: 'Hi' }, { usage: count(1, 1) })],
    text: 'Hi',
    usage: count(1, 1),
    isBroken: true,
  },
  {
    name: 'any: an error after the finish reason does not spoil the answer',
    events: [chunk({ content: 'Hi' }), end('stop'), { error: { message: 'too late' } }],
    text: 'Hi',
    finish: 'stop',
  },
  {
    name: 'any: thoughts that never end are no answer',
    events: [chunk({ content: '<think>Hm' }), chunk({ content: '</thi' }), end('length'), DONE],
    reasoning: 'Hm</thi',
    finish: 'length',
  },
  {
    name: 'any: a tool call without a name',
    events: [chunk(callOf(0, 'a', { arguments: '{}' })), end('tool_calls'), DONE],
    isBroken: true,
  },
]
