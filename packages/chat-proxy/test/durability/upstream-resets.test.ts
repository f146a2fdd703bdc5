import { expect, test } from 'vitest'
import { resetRandomly } from './upstream-resets.js'

test('a provider whose connections are reset at random bytes leaves nothing behind, and no client without an end', async () => {
  const seed = Number(process.env['SEED'] ?? 4_711)
  const { uncaught, untold, leftOpen } = await resetRandomly(150, seed)
  expect({ uncaught, untold, leftOpen }, `seed ${seed}`).toEqual({ uncaught: [], untold: [], leftOpen: {} })
})
