import { expect, test } from 'vitest'
import { errorFromRefusal } from './refusal.js'

const refusal = (status: number, body: object | string = '', headers: Record<string, string> = {}) =>
  errorFromRefusal(
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }),
    0,
  )

test.each([
  [400, 'protocol', false],
  [401, 'auth', false],
  [413, 'too_long', false],
  [422, 'policy', false],
  [429, 'rate_limited', true],
  [500, 'upstream', true],
  [501, 'upstream', false],
  [503, 'upstream', true],
  [504, 'timeout', true],
  [505, 'upstream', false],
] as const)('a refusal with %i is %s; worth another try: %s', async (status, code, retryable) => {
  expect(await refusal(status)).toMatchObject({ code, retryable, status })
})

test('a used-up quota is told by its type, not by its status or its words', async () => {
  const quota = { type: 'QuotaExceededError', error: 'Enough for today.', request_id: 'req_1' }
  const told = await refusal(429, quota, { 'retry-after': '60' })
  expect(told).toMatchObject({ code: 'quota', retryAfter: 60_000, requestId: 'req_1' })
  expect(await refusal(429, { error: 'QuotaExceededError' })).toMatchObject({ code: 'rate_limited' })
})
