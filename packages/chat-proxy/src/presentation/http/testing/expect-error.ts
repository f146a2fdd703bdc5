import { ERROR_STATUS, type ErrorType } from '@colloquy/chat-core/protocol'
import { expect } from 'vitest'
import type { Answer } from './answer.js'

/** What no answer may tell: places in our code, and the names and the words of what it is made of. */
export const INTERNALS =
  /node_modules|at \w+ \(|\.ts:|\.js:|sqlite|select |express|zod|kysely|body-parser|invalid (input|option|string)|, received|unrecognized key|too (small|big):/i

/** A refusal has the contract's shape, its own status, its request id, and no word about our insides. */
export function expectError(answer: Answer, type: ErrorType): void {
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  const body: Record<string, unknown> = answer.json()
  expect({ ...body, status: answer.status }).toMatchObject({ type, status: ERROR_STATUS[type] })
  expect(body['error']).toEqual(expect.stringMatching(/./))
  expect(body['detail']).toEqual(expect.stringMatching(/./))
  expect(body['request_id']).toBe(answer.headers['x-request-id'])
  expect(answer.text).not.toMatch(INTERNALS)
}
