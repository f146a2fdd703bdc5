import { ERROR_STATUS, type ErrorType } from '@colloquy/chat-core/protocol'
import { expect } from 'vitest'
import { expectError, INTERNALS } from './expect-error.js'
import type { Answer } from './answer.js'

/** A refusal under `/v1` has OpenAI's shape, and no word about our insides. */
export function expectOpenAiError(answer: Answer, status: number, error: object = {}): void {
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  const body = answer.json()
  expect(Object.keys(body)).toEqual(['error'])
  expect(body['error']).toMatchObject({ message: expect.stringMatching(/./), param: null, ...error })
  expect(Object.keys(body['error'] as object).toSorted()).toEqual(['code', 'message', 'param', 'type'])
  expect(answer.text).not.toMatch(INTERNALS)
}

/** A refusal in the shape that its path has. */
export function expectRefusal(answer: Answer, type: ErrorType, path: string): void {
  if (path.startsWith('/v1/')) expectOpenAiError(answer, ERROR_STATUS[type])
  else expectError(answer, type)
}

/** Any refusal of the caller's own making, in the shape that its path has. */
export function expectAnyRefusal(answer: Answer, path: string): void {
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  if (path.startsWith('/v1/')) {
    // The field that is wrong, if one is. Anything but this form fails in `expectOpenAiError`.
    const { param } = answer.json()['error'] as { readonly param: string | null }
    return expectOpenAiError(answer, answer.status, { param })
  }
  // What is no key of the table fails in `expectError`.
  expectError(answer, answer.json()['type'] as ErrorType)
}
