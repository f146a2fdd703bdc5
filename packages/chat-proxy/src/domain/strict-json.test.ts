import { describe, expect, test } from 'vitest'
import { DEEPEST, problemOfText, problemOfValue } from './strict-json.js'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('text', () => {
  test.each([
    '{}',
    'null',
    '"a"',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":":\\"a\\":"}',
    '{"\\\\":1,"\\\\\\"":2,"a\\\\":"\\\\"}',
    '{"":1," ":2}',
    '{"constructor":{"prototype":1},"__proto":1,"x":"__proto__"}',
    '"\\ud83d\\udc4d \\\\u0000 \\\\ud800 \\u0001 👍"',
    nested(DEEPEST),
    `{"a":"${'[{'.repeat(1000)}"}`,
  ])('%s is fine', (json) => {
    JSON.parse(json)
    expect(problemOfText(json)).toBeNull()
  })

  test.each([
    ['{"a":1,"a":1}', 'repeated-name'],
    ['{"a" :1, "b":{} ,\n"a"\t: 1}', 'repeated-name'],
    ['{"x":[{"a":1,"b":":","\\u0061":2}]}', 'repeated-name'],
    ['{"":1,"":1}', 'repeated-name'],
    ['{"a\\"":1,"b":{"c":1},"a\\"":1}', 'repeated-name'],
    ['{"__proto__":1}', 'prototype'],
    ['[{"a":{"__pr\\u006fto__":{}}}]', 'prototype'],
    ['"\\u0000"', 'unstorable-text'],
    ['{"a":[1,{"b":"x\\udfff\\uD800y"}]}', 'unstorable-text'],
    ['{"\\\\":"\\\\\\udc4d"}', 'unstorable-text'],
    ['{"a\\ud83d":1}', 'unstorable-text'],
    ['"\ud83d"', 'unstorable-text'],
    [nested(DEEPEST + 1), 'too-deep'],
    [`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'too-deep'],
  ])('%# has a problem', (json, problem) => {
    JSON.parse(json)
    expect(problemOfText(json)).toBe(problem)
  })
})

describe('a value', () => {
  test('that was parsed elsewhere is held to the same, but for names that stood twice', () => {
    const problem = (json: string): unknown => problemOfValue(JSON.parse(json))
    expect(problem('{"a":{"a":1},"b":[1,"__proto__",null]}')).toBeNull()
    expect(problem(nested(DEEPEST))).toBeNull()
    expect(problem(nested(DEEPEST + 1))).toBe('too-deep')
    expect(problem(nested(10_000))).toBe('too-deep')
    expect(problem('{"a":[{"__proto__":null}]}')).toBe('prototype')
    expect(problem('{"a":["x",{"b":"\\ud83d\\udc4d"}]}')).toBeNull()
    expect(problem('{"a":["x",{"b":"\\udc4d\\ud83d"}]}')).toBe('unstorable-text')
    expect(problem('"\\u0000"')).toBe('unstorable-text')
    expect(problem('{"a":{"\\u0000":1}}')).toBe('unstorable-text')
    expect(problemOfValue(undefined)).toBeNull()
  })
})
