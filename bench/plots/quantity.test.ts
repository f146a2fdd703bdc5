import { expect, test } from 'vitest'
import { peersIn, quantityIn, rangeIn } from './quantity.js'

test.each([
  ['7.97 KiB', 7.97, 'KiB'],
  ['≤ 8 KiB', 8, 'KiB'],
  ['p99 ≤ 0.5 ms', 0.5, 'ms'],
  ['-1.31 %', -1.31, '%'],
  ['119.5 µs · 341.0 µs · 1.17', 119.5, 'µs'],
  ['1.40 × (21.7 µs against 15.5 µs of nginx)', 1.4, '×'],
])('%s is a number with a unit', (cell, value, unit) => {
  expect(quantityIn(cell)).toEqual({ value, unit })
})

test.each(['0 in 10000', 'equal', '0.81', '3079 : 3079', '–', '27 of 27', '0 (775)', '1000 kills'])(
  '%s is counted and not measured',
  (cell) => {
    expect(quantityIn(cell)).toBeNull()
  },
)

test.each([
  ['37.7 KiB (TanStack AI 0.3), 54.1 KiB (AI SDK 4.0)', ['TanStack AI 0.3 37.7 KiB', 'AI SDK 4.0 54.1 KiB']],
  [
    '18.2 kB (nginx 1.22.1, 20 tokens: once), 1,088.4 kB (fetch in express 5.3.0, 20 tokens: once)',
    ['nginx 1.22.1 18.2 kB', 'fetch in express 5.3.0 1088.4 kB'],
  ],
  [
    '2.71 × (streamdown 2.7.1: 2.65–2.80 in 3), not done after 62 s (deep-chat 2.4.2), 6.10 × (deep-chat 2.4.2 with partialRender: once)',
    ['streamdown 2.7.1 2.71 ×', 'deep-chat 2.4.2 with partialRender 6.1 ×'],
  ],
  ['0 of 3,812 answers (streamdown 2.7.1)', []],
  ['–', []],
])('of "%s" the peers are found', (cell, peers) => {
  expect(peersIn(cell).map(({ name, value, unit }) => `${name} ${value} ${unit}`)).toEqual(peers)
})

test.each([
  ['3.66 µs (3.41–3.98 in 7)', [3.41, 3.98]],
  ['1.94 % (-54.42 to 31.77 in 7)', [-54.42, 31.77]],
  ['2.37 × (2.07–2.57 in 5); 40.9 µs (37.0–43.0 in 5) against 17.2 µs', [2.07, 2.57]],
  ['0.3 ms; 40.9 ms (37.0–43.0 in 5)', null],
  ['1,088.4 kB (fetch in express 5.3.0, 20 tokens: 1,011.0–1,112.5 in 3)', [1011, 1112.5]],
  ['18.2 kB (nginx 1.22.1, 20 tokens: once)', null],
])('%s is as far apart as its rounds', (cell, range) => {
  expect(rangeIn(cell)).toEqual(range)
})
