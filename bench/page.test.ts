import { expect, test } from 'vitest'
import { sectionOf } from './page.js'

test('a section ends with what took part in it', () => {
  const section = sectionOf([], 12.3, ['Chromium 142.0.1', 'SQLite 3.51.0'])
  const last = section.trim().split('\n').at(-1)
  expect(last).toContain('in 12 s, on ')
  expect(last).toMatch(/Node v[\d.]+, Chromium 142\.0\.1, SQLite 3\.51\.0, \w+\.$/)
})
