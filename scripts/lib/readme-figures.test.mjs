import { expect, test } from 'vitest'
import { figuresIn, figuresTable, metLine, sizesWithoutFigure, withFigures } from './readme-figures.mjs'

const PAGE = `# Benchmarks

## Size

| what | today | target | measured | |
| --- | --- | --- | --- | --- |
| core, gzipped | – | ≤ 8 KiB | 7.97 KiB | met |
| all of it | – | ≤ 40 kB | 60.49 kB | **not met** |
`
const figures = figuresIn(PAGE)

test('figures stand in the table in words for readers, with their targets', () => {
  const table = figuresTable(figures, [
    ['Size', 'core', 'the core'],
    ['Size', 'all', 'everything'],
  ])
  expect(table).toContain('| the core   | 7.97 KiB | ≤ 8 KiB          |')
  expect(table).toContain('| everything | 60.49 kB | ≤ 40 kB, not met |')
  expect(withFigures('a <!-- figures --> old <!-- end of figures --> b', table)).toBe(
    `a <!-- figures -->\n\n${table}\n\n<!-- end of figures --> b`,
  )
})

test('a reader of the table hears how many targets are met, and where the others stand', () => {
  expect(metLine(figures)).toBe(
    '1 of 2 targets are met; those that are not stand [first on the page of all figures](docs/benchmarks.md).',
  )
  expect(metLine(figures.filter(({ met }) => met))).toBe('All 1 targets are met.')
})

test('a figure that is gone is no figure', () => {
  expect(() => figuresTable(figures, [['Size', 'loader', 'x']])).toThrow('has no "loader"')
})

test.each([
  ['8 KiB, or 7.97 KiB, or 8.0 KiB', []],
  ['60 kB, and 60.5 kB', []],
  ['40 kB, a target that is not met', ['40 kB']],
  ['7 KiB', ['7 KiB']],
  ['8 kB', ['8 kB']],
])('of "%s" %j is stated without a figure', (text, sizes) => {
  expect(sizesWithoutFigure(text, figures)).toEqual(sizes)
})
