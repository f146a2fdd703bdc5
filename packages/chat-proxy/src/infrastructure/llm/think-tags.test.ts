import { describe, expect, test } from 'vitest'
import { ThinkTags } from './think-tags.js'

const read = (pieces: readonly string[]): { reasoning: string; text: string } => {
  const tags = new ThinkTags()
  const told = [...pieces.map((piece) => tags.push(piece)), tags.end()]
  return {
    reasoning: told.map(({ reasoning }) => reasoning).join(''),
    text: told.map(({ text }) => text).join(''),
  }
}

const TABLE: readonly [string, { reasoning: string; text: string }][] = [
  ['<think>hm</think>\n\nHi <think>', { reasoning: 'hm', text: 'Hi <think>' }],
  ['\n <think>\na < b </ </thin </think>Hi</think>', { reasoning: '\na < b </ </thin ', text: 'Hi</think>' }],
  ['<think></think>Hi', { reasoning: '', text: 'Hi' }],
  ['<think>cut off', { reasoning: 'cut off', text: '' }],
  ['<think>cut off </thi', { reasoning: 'cut off </thi', text: '' }],
  ['Hi <think>hm</think>', { reasoning: '', text: 'Hi <think>hm</think>' }],
  ['  Hi', { reasoning: '', text: '  Hi' }],
  ['<thinking>hm</thinking>', { reasoning: '', text: '<thinking>hm</thinking>' }],
  ['<thi', { reasoning: '', text: '<thi' }],
  [' \n', { reasoning: '', text: ' \n' }],
  ['', { reasoning: '', text: '' }],
]

describe('ThinkTags', () => {
  test.each(TABLE)('%j, wherever it is cut', (answer, expected) => {
    for (let first = 0; first <= answer.length; first++)
      for (let second = first; second <= answer.length; second++)
        expect(read([answer.slice(0, first), answer.slice(first, second), answer.slice(second)])).toEqual(
          expected,
        )
    expect(read(Array.from(answer))).toEqual(expected)
  })

  test('holds nothing back that cannot be a tag', () => {
    const tags = new ThinkTags()
    expect(tags.push('Hi')).toEqual({ reasoning: '', text: 'Hi' })
    expect(tags.push(' <th')).toEqual({ reasoning: '', text: ' <th' })
    const thinking = new ThinkTags()
    expect(thinking.push('<think>a<')).toEqual({ reasoning: 'a', text: '' })
    expect(thinking.push('b')).toEqual({ reasoning: '<b', text: '' })
  })
})
