import { expect, test } from 'vitest'
import { withPlots } from './with-plots.js'

const PAGE = `# Benchmarks

Made by a program.

## Size

| what | today | target | measured | |
| --- | --- | --- | --- | --- |
| core & parts | 37.7 KiB (A < B) | ≤ 8 KiB | 7.97 KiB | met |
| wrong | – | 0 | 3 | **not met** |

Some day.

## Words

No table.
`

test('each table has its picture, once, and a section without one has none', () => {
  const { page, pictures } = withPlots(PAGE)
  expect([...pictures.keys()]).toEqual(['size.svg'])
  expect(page.match(/!\[.*\]\(images\/bench\/size\.svg\)/g)).toHaveLength(1)
  expect(withPlots(page)).toEqual({ page, pictures })
})

test('a picture says what the table does, and nothing in it is markup', () => {
  const picture = withPlots(PAGE).pictures.get('size.svg')
  for (const text of [
    'core &amp; parts',
    '7.97 KiB',
    'A &lt; B',
    '37.7 KiB',
    'target 8 KiB',
    '✗',
    'target: 0',
  ])
    expect(picture).toContain(text)
})
