import { expect, test } from 'vitest'
import { countFaulted } from './faulted-calls.js'

test('the ledger has what the provider counted, whatever goes wrong, and nothing stays set aside', async () => {
  const seed = Number(process.env['SEED'] ?? 4_711)
  const { known, reserved } = await countFaulted(60, seed, { withStalls: false })
  expect(known.provider).toBeGreaterThan(0)
  expect({ ledger: known.ledger, reserved }, `seed ${seed}`).toEqual({ ledger: known.provider, reserved: 0 })
})
