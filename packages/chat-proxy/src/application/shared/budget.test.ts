import { describe, expect, test } from 'vitest'
import { PriceList } from '../../domain/prices.js'
import { tenantOf } from '../../domain/tenant.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { NO_LIMITS, type Limits } from '../../domain/limits.js'
import { Budget } from './budget.js'

const CHEAP = { prompt: 1_000_000, completion: 2_000_000 }
const DEAR_TO_ASK = { prompt: 9_000_000, completion: 1_000_000 }
const DEAR_TO_ANSWER = { prompt: 2_000_000, completion: 7_000_000 }
const ANSWER = 100
const QUESTION = 'zq#€'
/** Three letters and one of three bytes, and what a message takes besides. */
const MOST = 6 + 8

const prices = new PriceList(
  new Map([
    ['cheap', CHEAP],
    ['dear-to-ask', DEAR_TO_ASK],
    ['dear-to-answer', DEAR_TO_ANSWER],
  ]),
)
const budget = new Budget({
  prices,
  clock: new FakeClock(),
  settings: {
    budget: {
      installation: { tokensPerDay: null, moneyPerDay: null, moneyPerMonth: null },
      limitAdmins: false,
      maxAnswerTokens: ANSWER,
    },
  },
})
const alice = { tenantId: 't', subject: 'v_alice', kind: 'visitor', role: 'visitor' } as const

const reserved = (limits: Partial<Limits>, ...models: readonly string[]) =>
  budget.reservationFor(alice, tenantOf({ id: 't', limits: { ...NO_LIMITS, ...limits } }), {
    id: 'r_1',
    models,
    texts: async () => [QUESTION],
    expiresAt: null,
  })
const MONEY = { moneyPerDay: { user: 1_000_000, tenant: null } }
const TOKENS = { tokensPerDay: { user: 1_000_000, tenant: null } }

describe('what is set aside', () => {
  test('is what the question may have at most, and the longest answer', async () => {
    const { worst } = await reserved(MONEY, 'cheap')
    expect(worst).toEqual({ messages: 1, tokens: MOST + ANSWER, money: MOST + 2 * ANSWER })
  })

  test('is enough for whichever model of a chain answers', async () => {
    const { worst } = await reserved(MONEY, 'cheap', 'dear-to-ask', 'dear-to-answer')
    expect(worst.money).toBe(9 * MOST + 7 * ANSWER)
  })

  test('is no money when one of them has no price, and money is not limited', async () => {
    expect(await reserved(TOKENS, 'cheap', 'unknown')).toMatchObject({
      price: null,
      worst: { tokens: MOST + ANSWER, money: 0 },
    })
  })

  test('is nothing where money is limited and one of them has no price', async () => {
    await expect(reserved(MONEY, 'cheap', 'unknown')).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('unknown'),
    })
  })
})

test('the question is estimated without any limit as with one, for a provider that does not count', async () => {
  const { promptTokens } = await reserved(TOKENS, 'cheap')
  expect(promptTokens).toBeGreaterThan(0)
  expect(await reserved({}, 'cheap')).toMatchObject({
    promptTokens,
    worst: { messages: 1, tokens: 0, money: 0 },
  })
})
