import { describe, expect, test } from 'vitest'
import { PRESETS } from '../infrastructure/llm/presets.js'
import { builtInPrices } from './built-in-prices.js'
import type { ModelConfig, ProviderConfig } from './config.js'
import { PRICE_TABLE, type ApiPrices, type TablePrice } from './price-table.js'

const row = (model: string, output: number, more: Partial<TablePrice> = {}): TablePrice => ({
  model,
  input: 1,
  cachedInput: null,
  output,
  upTo: null,
  asOf: '2026-01-02',
  source: 'a page',
  ...more,
})
const api = (name: string, servesOpenModels: boolean, ...prices: TablePrice[]): ApiPrices => ({
  name,
  host: `${name}.example`,
  servesOpenModels,
  prices,
})
const TABLES = [
  api('maker', false, row('mine-1', 2), row('long-1', 3, { upTo: 1_000 })),
  api('fast', true, row('open-1', 4), row('open-2', 5)),
  api('cheap', true, row('open-1', 3, { asOf: '2025-12-31' })),
]

const chain = (...providers: (readonly [host: string, model: string])[]): ModelConfig => {
  const [first, ...others] = providers.map(([host, model]): ProviderConfig => ({
    name: host,
    baseUrl: `https://${host}.example/v1`,
    apiKey: null,
    model,
    quirks: {},
  }))
  if (!first) throw new Error('a chain has a provider')
  return {
    kind: 'chain',
    providers: [first, ...others],
    retryUnknown: false,
    breaker: { failures: 5, pauseMs: 1_000 },
  }
}
const priced = (model: ModelConfig, longestPrompt = 500) =>
  Object.fromEntries(
    [...builtInPrices(model, longestPrompt, TABLES)].map(([name, { completion, asOf }]) => [
      name,
      `${completion / 1_000_000} of ${asOf}`,
    ]),
  )

describe('a model has the price of the table', () => {
  test('with all that its API serves, by exactly that name', () => {
    expect(priced(chain(['maker', 'mine-1-latest']))).toEqual({
      'mine-1': '2 of 2026-01-02',
      'long-1': '3 of 2026-01-02',
    })
  })

  test('only if the longest prompt still costs that', () => {
    expect(priced(chain(['maker', 'long-1']), 1_001)).toEqual({ 'mine-1': '2 of 2026-01-02' })
  })

  test('of the dearest API that may serve it, and of the older day', () => {
    expect(priced(chain(['fast', 'open-1'], ['cheap', 'open-1']))).toEqual({ 'open-1': '4 of 2025-12-31' })
  })

  test('unless another API may serve it too, of which nothing is known', () => {
    expect(priced(chain(['fast', 'open-1'], ['unknown', 'open-9']))).toEqual({})
    expect(priced(chain(['maker', 'mine-1'], ['unknown', 'open-9']))).toMatchObject({
      'mine-1': '2 of 2026-01-02',
    })
    expect(priced(chain(['maker', 'mine-1'], ['unknown', 'mine-1']))).not.toHaveProperty('mine-1')
  })

  test('but not the scripted one', () => {
    expect(builtInPrices({ kind: 'demo' }, 500).size).toBe(0)
  })
})

describe('the table', () => {
  const all = PRICE_TABLE.flatMap(({ prices }) => prices)

  test('says of every price where and when it was read', () => {
    for (const { source, asOf } of all) {
      expect(source).toMatch(/\S+\.\S+/)
      expect(new Date(asOf).toISOString()).toBe(`${asOf}T00:00:00.000Z`)
    }
  })

  test('names each API and each of its models once', () => {
    expect(new Set(PRICE_TABLE.map(({ host }) => host)).size).toBe(PRICE_TABLE.length)
    for (const { prices } of PRICE_TABLE)
      expect(new Set(prices.map(({ model }) => model)).size).toBe(prices.length)
  })

  test('is in dollars for a million tokens: cached input costs less, output no less than input', () => {
    for (const { input, cachedInput, output } of all) {
      expect(input).toBeGreaterThan(0.01)
      expect(output).toBeLessThan(200)
      expect(output).toBeGreaterThanOrEqual(input)
      expect(cachedInput ?? 0).toBeLessThan(input)
    }
  })

  // A request is 256 KiB at most, and no token is shorter than a byte.
  test('has no price that a request could outgrow', () => {
    for (const { upTo } of all) expect(upTo ?? Infinity).toBeGreaterThan(256 * 1024)
  })

  test.each(['openai', 'groq', 'sambanova', 'deepseek'] as const)(
    'prices what %s answers with unless told otherwise',
    (name) => {
      const { baseUrl, defaultModel } = PRESETS[name]
      const table = PRICE_TABLE.find(({ host }) => host === new URL(baseUrl).host)
      expect(table?.prices.map(({ model }) => model)).toContain(defaultModel)
    },
  )
})
