import { expect, test } from 'vitest'
import { peersIn, quantityIn } from './quantity.js'

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
  ['37.7 KiB (TanStack AI), 54.1 (AI SDK)', ['TanStack AI 37.7 KiB', 'AI SDK 54.1 KiB']],
  ['NLUX 51 kB, deep-chat 111', ['NLUX 51 kB', 'deep-chat 111 kB']],
  ['nginx 17.5 kB, which keeps no log; plain node:http 49', ['nginx 17.5 kB', 'plain node:http 49 kB']],
  ['Caddy 1.2 × nginx, Portkey 4.0, AI SDK 18', ['Caddy 1.2 ×', 'Portkey 4 ×', 'AI SDK 18 ×']],
  [
    '2.71 × (streamdown 2.7.1: 2.65–2.80 in 3), not done after 62 s (deep-chat 2.4.2), 6.10 × (deep-chat 2.4.2 with partialRender: once)',
    ['streamdown 2.7.1 2.71 ×', 'deep-chat 2.4.2 with partialRender 6.1 ×'],
  ],
  ['~250 ms', ['today 250 ms']],
  ['none states it', []],
  ['one per delta', []],
  ['130–500 kB after an Intercom-style stub', []],
])('of "%s" the peers are found', (cell, peers) => {
  expect(peersIn(cell).map(({ name, value, unit }) => `${name} ${value} ${unit}`)).toEqual(peers)
})
