import { expect, test } from 'vitest'
import type { Message } from '../../domain/message.js'
import { failureOfAnswer } from './failure-of-answer.js'

const ended = (status: Message['status'], error: Message['error'] = null): Message => ({
  tenantId: 'default',
  id: 'a_00001',
  conversationId: 'c_00001',
  parentId: 'm_00001',
  role: 'assistant',
  content: 'Half',
  status,
  runId: 'run_01',
  model: null,
  usage: null,
  error,
  pageContext: null,
  feedback: null,
  createdAt: 0,
})

const failed = (code: string): Message['error'] =>
  ({ code, message: 'For the log.', retryable: true, retry_after: 7 }) as Message['error'] // also codes that this version does not have

test('an answer that came is given, also one that was stopped', () => {
  expect(failureOfAnswer(ended('completed'))).toBeNull()
  expect(failureOfAnswer(ended('stopped'))).toBeNull()
})

test('one that failed says why, and when to come back', () => {
  const failure = failureOfAnswer(ended('failed', failed('overloaded')))
  expect(failure).toMatchObject({ code: 'overloaded', detail: 'For the log.', retryAfter: 7 })
})

test.each(['of_another_version', 'constructor', '__proto__'])(
  'one that failed for a reason of another version (%s) is a failure of the model',
  (code) => {
    expect(failureOfAnswer(ended('failed', failed(code)))).toMatchObject({ code: 'model-broken' })
  },
)

test('one that a rule blocked is against the policy', () => {
  expect(failureOfAnswer(ended('blocked'))).toMatchObject({ code: 'against-policy' })
})
