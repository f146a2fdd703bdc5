import { expect, test } from 'vitest'
import { spendOf } from './ledger.js'
import { PriceList } from './prices.js'

const price = { prompt: 1_000_000, completion: 2_000_000 }
const prices = new PriceList(new Map([['known', price]]))
const usage = { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 }
const reserved = { promptTokens: 40, price }

test('a call of a model without a price has tokens and no cost, whatever another would have cost', () => {
  const attempts = [
    { model: 'known', usage },
    { model: 'nobody-said', usage },
  ]
  expect(spendOf({ attempts, usage, content: 'x' }, reserved, prices)).toEqual({
    messages: 1,
    tokens: 70,
    money: 40,
    unpricedTokens: 35,
  })
})

test('also one that its provider did not count has no cost then', () => {
  const attempts = [{ model: 'nobody-said', usage: null }]
  expect(spendOf({ attempts, usage: null, content: 'Sixteen letters!' }, reserved, prices)).toEqual({
    messages: 1,
    tokens: 44,
    money: 0,
    unpricedTokens: 44,
  })
})

test('a call of a model that nobody named costs what was reserved', () => {
  expect(spendOf({ attempts: [], usage, content: 'x' }, reserved, prices)).toMatchObject({
    money: 40,
    unpricedTokens: 0,
  })
})
