import { expect, test } from 'vitest'
import { isInRollout } from './rollout.js'

const callers = Array.from({ length: 10_000 }, (_, n) => ({ tenantId: 'acme', subject: `v_${n}` }))
const shareAt = (percent: number): number =>
  (callers.filter((caller) => isInRollout(percent, caller)).length / callers.length) * 100

test('nobody at 0, everybody at 100', () => {
  expect(shareAt(0)).toBe(0)
  expect(shareAt(100)).toBe(100)
})

test.each([1, 10, 50, 90])('at %s percent about that share of callers', (percent) => {
  expect(Math.abs(shareAt(percent) - percent)).toBeLessThan(2)
})

test('whoever is in stays in when more are let in', () => {
  for (const caller of callers.slice(0, 1_000)) {
    const first = Array.from({ length: 101 }, (_, percent) => isInRollout(percent, caller)).indexOf(true)
    for (let percent = first; percent <= 100; percent += 1) expect(isInRollout(percent, caller)).toBe(true)
  }
})

test('the same visitor in another tenant is another throw of the dice', () => {
  const differs = callers.filter(
    (caller) => isInRollout(50, caller) !== isInRollout(50, { ...caller, tenantId: 'bolt' }),
  )
  expect(differs.length).toBeGreaterThan(4_000)
})
