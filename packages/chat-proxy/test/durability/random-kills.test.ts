import { describe, expect, it } from 'vitest'
import { killRandomly } from './random-kills.js'

describe('a line that is cut at random bytes', () => {
  it('costs no answer a byte and no question a second generation', async () => {
    const seed = Number(process.env['SEED'] ?? 4_711)
    const report = await killRandomly(300, seed)
    expect(report.wrong, `seed ${seed}`).toEqual([])
    expect(report.calls, `seed ${seed}`).toBe(report.sends)
  })
})
