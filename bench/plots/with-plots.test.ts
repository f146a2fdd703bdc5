import { expect, test } from 'vitest'
import { staleIn, withPlots } from './with-plots.js'

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

test('a picture that is older than its table, lost or left over is stale, and so is a page that does not show one', () => {
  const { page, pictures } = withPlots(PAGE)
  expect(staleIn(page, pictures)).toEqual([])
  expect(staleIn(page.replace('7.97 KiB', '7.98 KiB'), pictures)).toEqual(['size.svg'])
  expect(staleIn(page, new Map())).toEqual(['size.svg'])
  expect(staleIn(page, new Map([...pictures, ['gone.svg', '<svg/>']]))).toEqual(['gone.svg'])
  expect(staleIn(PAGE, pictures)).toEqual(['benchmarks.md'])
})
