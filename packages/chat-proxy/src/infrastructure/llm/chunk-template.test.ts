import { describe, expect, test } from 'vitest'
import { ChunkTemplate } from './chunk-template.js'
import { normaliseChunk } from './normalise-chunk.js'

const chunk = (content: string, over: object = {}): string =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    ...over,
  })

/** A character for each byte. */
const bytesOf = (json: string): string => Buffer.from(json).toString('latin1')

function learned(...chunks: readonly string[]): ChunkTemplate {
  const template = new ChunkTemplate()
  for (const json of chunks) {
    const parsed = normaliseChunk(JSON.parse(json))
    if (parsed) template.learn(json, parsed)
  }
  return template
}

/** What parsing makes of a chunk that says nothing but this. */
const saying = (text: string | null) => ({
  text,
  reasoning: '',
  toolCalls: [],
  isToken: text !== '',
  finishReason: null,
  usage: null,
  isFailure: false,
})

const read = (template: ChunkTemplate, json: string): string | null => {
  const bytes = bytesOf(json)
  // Where it stands makes no difference.
  const [before, behind] = ['data: ', '\n\ndata: ']
  const text = template.read(`${before}${bytes}${behind}`, before.length, before.length + bytes.length)
  expect(template.read(bytes, 0, bytes.length)).toBe(text)
  return text
}

describe('the shape of chunks', () => {
  test.each(['word', ' ', 'Grüße 👋 漢字', '</script>', '', "it's", '\u2028'])(
    'reads %j as parsing does',
    (text) => {
      const json = chunk(text)
      expect(normaliseChunk(JSON.parse(json))).toEqual(saying(read(learned(chunk(' first')), json)))
    },
  )

  test.each([
    ['a quote', chunk('say "hi"')],
    ['a line break', chunk('a\nb')],
    ['a backslash', chunk('\\')],
    ['another id', chunk('a', { id: 'chatcmpl-2' })],
    ['a count of tokens', chunk('a', { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } })],
    ['an end', chunk('a').replace('"finish_reason":null', '"finish_reason":"stop"')],
    ['a second field in the delta', chunk('a').replace('{"content":"a"}', '{"content":"a","reasoning":"b"}')],
    ['a failure', chunk('a', { error: { message: 'no' } })],
    ['half of it', chunk('a').slice(0, 40)],
    ['a string that does not end', chunk('a').slice(0, -2)],
  ])('leaves %s to the parser', (_, json) => {
    expect(read(learned(chunk(' first')), json)).toBeNull()
  })

  test('is known also where it is not plain itself', () => {
    const json = chunk('Grüße', { model: '漢字 é' })
    expect(read(learned(chunk(' first', { model: '漢字 é' })), json)).toBe('Grüße')
  })

  test('text that stands somewhere else, too, is not mistaken for it', () => {
    const twice = JSON.stringify({ obfuscation: 'hm', choices: [{ delta: { content: 'hm' } }] })
    expect(read(learned(twice), twice)).toBeNull()
  })

  test('is not looked for forever where every chunk is different', () => {
    const template = learned(...['"a"', '"b"', '"c"', '"d"'].map((text) => chunk(text)), chunk('plain'))
    expect(read(template, chunk('plain'))).toBeNull()
  })

  test('reasoning and tool calls teach nothing', () => {
    const thought = JSON.stringify({ choices: [{ delta: { reasoning_content: 'hm' } }] })
    expect(read(learned(thought), thought)).toBeNull()
  })
})
