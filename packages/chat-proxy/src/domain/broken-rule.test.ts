import { expect, test } from 'vitest'
import { brokenRule, type FoundIssue } from './broken-rule.js'

test.each<[FoundIssue, string]>([
  [{ code: 'invalid_type', expected: 'string', input: undefined }, 'is missing'],
  [{ code: 'invalid_type', expected: 'string', input: 7 }, 'must be text'],
  [{ code: 'invalid_type', expected: 'int', input: 1.5 }, 'must be a whole number'],
  [{ code: 'invalid_type', expected: 'array', input: null }, 'must be a list'],
  [{ code: 'invalid_type', expected: 'map', input: 7 }, 'must be of another type'],
  [{ code: 'too_small', origin: 'string', minimum: 1, inclusive: true }, 'must have at least 1 character'],
  [{ code: 'too_big', origin: 'string', maximum: 200, inclusive: true }, 'must have at most 200 characters'],
  [{ code: 'too_big', origin: 'array', maximum: 4, inclusive: true }, 'must have at most 4 entries'],
  [{ code: 'too_small', origin: 'number', minimum: 0, inclusive: false }, 'must be more than 0'],
  [{ code: 'too_big', origin: 'int', maximum: 9, inclusive: true }, 'must be at most 9'],
  [{ code: 'invalid_value', values: ['up', 'down', 'none'] }, 'must be up, down or none'],
  [{ code: 'invalid_value', values: [1] }, 'must be 1'],
  [{ code: 'unrecognized_keys' }, 'is not a field that is known here'],
  [{ code: 'invalid_format' }, 'has not the form that is wanted'],
  [{ code: 'invalid_union' }, 'is not what is wanted here'],
  [{}, 'is not what is wanted here'],
])('%j', (issue, words) => {
  expect(brokenRule(issue)).toBe(words)
})
