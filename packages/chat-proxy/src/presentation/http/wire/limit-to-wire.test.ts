import { expect, test } from 'vitest'
import type { LimitState } from '../../../domain/limits.js'
import { limitToWire } from './limit-to-wire.js'

const limit = (given: Partial<LimitState>): LimitState => ({
  name: 'money_per_day',
  scope: 'installation',
  max: 5_000_000,
  used: 3_111_111,
  remaining: 1_888_889,
  resetsAt: null,
  ...given,
})

test.each([{}, { scope: 'tenant' }, { name: 'messages_per_day' }] as const)(
  'figures of the operator are told as a share: %j',
  (given) => {
    expect(limitToWire(limit(given))).toMatchObject({ max: 1, used: 0.63, remaining: 0.37 })
    expect(limitToWire(limit({ ...given, max: 0, used: 0, remaining: 0 }))).toMatchObject({
      max: 1,
      remaining: 0,
    })
  },
)

test.each([{ scope: 'user' }, { scope: 'tenant', name: 'tokens_per_day' }] as const)(
  'others are told as they are: %j',
  (given) => {
    expect(limitToWire(limit(given))).toMatchObject({ max: 5_000_000, used: 3_111_111, remaining: 1_888_889 })
  },
)
