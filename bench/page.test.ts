import { expect, test } from 'vitest'
import { sectionOf, withSection } from './page.js'

test('a section ends with what took part in it', () => {
  const section = sectionOf([], 12.3, ['Chromium 142.0.1', 'SQLite 3.51.0'])
  const last = section.trim().split('\n').at(-1)
  expect(last).toContain('in 12 s, on ')
  expect(last).toMatch(/Node v[\d.]+, Chromium 142\.0\.1, SQLite 3\.51\.0, \w+\.$/)
})

test('the page says ahead of all sections how many targets are met, and where those are that are not', () => {
  const figure = { name: 'x', today: '–', target: '1', measured: '1' }
  const verdicts = { 'One thing': [true, true], 'Another one': [true, false] }
  let page = ''
  for (const [name, all] of Object.entries(verdicts)) {
    const text = sectionOf(
      all.map((met) => ({ ...figure, met })),
      1,
      [],
    )
    page = withSection(page, Object.keys(verdicts), { name, text })
  }
  const [head = ''] = page.split('\n## ')
  expect(head.trim().split('\n').at(-1)).toBe(
    '3 of 4 targets are met. Not met: [Another one](#another-one) (1).',
  )
})
