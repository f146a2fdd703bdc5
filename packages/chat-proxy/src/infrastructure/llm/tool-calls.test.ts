import { describe, expect, test } from 'vitest'
import type { ToolCallDelta } from '../../domain/ports/chat-model.js'
import type { ToolCallPiece } from './normalise-chunk.js'
import { ToolCalls } from './tool-calls.js'

const piece = (over: Partial<ToolCallPiece>): ToolCallPiece => ({
  index: null,
  id: '',
  name: '',
  arguments: '',
  ...over,
})

const read = (pieces: readonly Partial<ToolCallPiece>[]): { told: ToolCallDelta[]; calls: ToolCalls } => {
  let made = 0
  const calls = new ToolCalls(() => `made_${++made}`)
  const told = pieces.map((one) => calls.add(piece(one))).filter((delta) => delta !== null)
  return { told, calls }
}

/** `index id name(arguments)` of each call, in order. */
const summary = (pieces: readonly Partial<ToolCallPiece>[]): string[] => {
  const whole = new Map<number, string>()
  for (const { index, id, name, argumentsDelta } of read(pieces).told)
    whole.set(index, (whole.get(index) ?? `${index} ${id} ${name}: `) + argumentsDelta)
  return [...whole.values()]
}

describe('ToolCalls', () => {
  const TABLE: readonly [string, readonly Partial<ToolCallPiece>[], readonly string[]][] = [
    [
      'what OpenAI sends',
      [
        { index: 0, id: 'a', name: 'f' },
        { index: 0, arguments: '{"x":' },
        { index: 0, arguments: '1}' },
        { index: 1, id: 'b', name: 'f' },
        { index: 1, arguments: '{}' },
      ],
      ['0 a f: {"x":1}', '1 b f: {}'],
    ],
    [
      'pieces of two calls in turn',
      [
        { index: 0, id: 'a', name: 'f' },
        { index: 1, id: 'b', name: 'g' },
        { index: 0, arguments: '{"x":1' },
        { index: 1, arguments: '{"y":2' },
        { index: 0, arguments: '}' },
        { index: 1, arguments: '}' },
      ],
      ['0 a f: {"x":1}', '1 b g: {"y":2}'],
    ],
    [
      'no index',
      [
        { id: 'a', name: 'f' },
        { arguments: '{"x":1}' },
        { id: 'b', name: 'g', arguments: '{' },
        { arguments: '}' },
      ],
      ['0 a f: {"x":1}', '1 b g: {}'],
    ],
    [
      'no index, but the id on every piece',
      [
        { id: 'a', name: 'f' },
        { id: 'b', name: 'g' },
        { id: 'a', arguments: '{"x":1}' },
        { id: 'b', arguments: '{}' },
      ],
      ['0 a f: {"x":1}', '1 b g: {}'],
    ],
    [
      'one index for every call',
      [
        { index: 0, id: 'a', name: 'f', arguments: '{"x":1}' },
        { index: 0, id: 'b', name: 'f', arguments: '{"x":2}' },
        { index: 0, id: 'c', name: 'g' },
        { index: 0, arguments: '{}' },
      ],
      ['0 a f: {"x":1}', '1 b f: {"x":2}', '2 c g: {}'],
    ],
    [
      'indexes that begin anywhere',
      [
        { index: 3, id: 'a', name: 'f', arguments: '{}' },
        { index: 7, id: 'b', name: 'g', arguments: '{}' },
      ],
      ['0 a f: {}', '1 b g: {}'],
    ],
    [
      'no ids',
      [
        { index: 0, name: 'f', arguments: '{"x":' },
        { index: 0, arguments: '1}' },
        { index: 1, name: 'g', arguments: '{}' },
      ],
      ['0 made_1 f: {"x":1}', '1 made_2 g: {}'],
    ],
    [
      'neither ids nor indexes, whole calls of one tool',
      [
        { name: 'f', arguments: '{"x":1}' },
        { name: 'f', arguments: '{"x":2}' },
        { name: 'g', arguments: '{}' },
      ],
      ['0 made_1 f: {"x":1}', '1 made_2 f: {"x":2}', '2 made_3 g: {}'],
    ],
    [
      'one id for every call',
      [
        { index: 0, id: 'call', name: 'f', arguments: '{"x":1' },
        { index: 1, id: 'call', name: 'g', arguments: '{' },
        { index: 0, id: 'call', arguments: '}' },
        { index: 1, id: 'call', arguments: '}' },
      ],
      ['0 call f: {"x":1}', '1 made_1 g: {}'],
    ],
    [
      'a new id on every piece',
      [
        { index: 0, id: 'a', name: 'f' },
        { index: 0, id: 'b', arguments: '{"x":' },
        { index: 0, id: 'c', arguments: '1}' },
      ],
      ['0 a f: {"x":1}'],
    ],
    [
      'id and name on every piece',
      [
        { index: 0, id: 'a', name: 'f', arguments: '{"x":' },
        { index: 0, id: 'a', name: 'f', arguments: '1}' },
        { index: 0, id: 'a', name: 'f', arguments: '' },
      ],
      ['0 a f: {"x":1}'],
    ],
    [
      'the name on every piece, and no id',
      [
        { name: 'f', arguments: '{"x":{}' },
        { name: 'f', arguments: ',"y":"}"' },
        { name: 'f', arguments: '}' },
      ],
      ['0 made_1 f: {"x":{},"y":"}"}'],
    ],
    [
      'a name that comes late',
      [
        { index: 0, id: 'a', arguments: '{"x"' },
        { index: 0, arguments: ':1' },
        { index: 0, name: 'f', arguments: '}' },
      ],
      ['0 a f: {"x":1}'],
    ],
    ['a call without arguments', [{ index: 0, id: 'a', name: 'f' }], ['0 a f: ']],
  ]
  test.each(TABLE)('%s', (_name, pieces, expected) => {
    expect(summary(pieces)).toEqual(expected)
  })

  test('tells a call as soon as it has a name, and nothing for a piece that adds nothing', () => {
    const { told } = read([
      { index: 0, id: 'a', name: 'f' },
      { index: 0, arguments: '' },
      { index: 0, arguments: '{}' },
    ])
    expect(told).toEqual([
      { index: 0, id: 'a', name: 'f', argumentsDelta: '' },
      { index: 0, id: 'a', name: 'f', argumentsDelta: '{}' },
    ])
  })

  test('knows of a call that never got a name', () => {
    expect(read([{ index: 0, id: 'a', arguments: '{}' }])).toMatchObject({
      told: [],
      calls: { hasNameless: true, count: 0 },
    })
    expect(read([{ name: 'f' }]).calls).toMatchObject({ hasNameless: false, count: 1 })
    expect(read([]).calls).toMatchObject({ hasNameless: false, count: 0 })
  })
})
