import { expect, test } from 'vitest'
import { spread, spreadOf } from './figure.js'

test('what is rounded to nothing has no sign, and what is less than nothing keeps its own', () => {
  expect(spread([-0.01, 0, 0.02], '%', 1)).toBe('0.0 % (0.0–0.0 in 3)')
  expect(spreadOf('peer 1.0', [-2, -0.04], '%', 1)).toBe('0.0 % (peer 1.0: -2.0 to 0.0 in 2)')
})
