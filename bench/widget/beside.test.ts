import { expect, test } from 'vitest'
import { peersIn } from '../plots/quantity.js'
import { peersCount, peersSpread } from './beside.js'
import type { Cost } from './measure.js'
import type { Round } from './rounds.js'

const costOf = (cpu: number): Cost => ({ cpu, longTasks: [60, 70], settled: 20, heap: 1e6 })
const roundOf = (plain: number, peers: Round['peers']): Round => ({
  plain: costOf(plain),
  chat: costOf(1),
  peers,
})

test('a peer is told against the plain page of the same round, with its version and how often', () => {
  const rounds = [
    roundOf(10, new Map([['streamdown', costOf(30)]])),
    roundOf(20, new Map([['streamdown', costOf(80)]])),
    roundOf(40, new Map([['streamdown', costOf(80)]])),
  ]
  const cell = peersSpread(rounds, 'late', (cost, { plain }) => cost.cpu / plain.cpu, '×')
  expect(cell).toMatch(/^3\.00 × \(streamdown \d+\.\d+\.\d+: 2\.00–4\.00 in 3\)$/)
  expect(peersIn(cell)).toMatchObject([{ value: 3, unit: '×' }])
})

test('a peer that was late once is told as late, and takes nothing from the others', () => {
  const rounds = [
    roundOf(
      10,
      new Map([
        ['deep-chat', null],
        ['deep-chat?partialRender', costOf(50)],
      ]),
    ),
    roundOf(10, new Map([['deep-chat', costOf(90)]])),
  ]
  const cell = peersSpread(rounds, 'not done after 52 s', ({ cpu }) => cpu, 'ms', 0)
  expect(cell).toMatch(
    /^not done after 52 s \(deep-chat [\d.]+\), 50 ms \(deep-chat [\d.]+ with partialRender: once\)$/,
  )
  expect(peersIn(cell)).toMatchObject([{ value: 50, unit: 'ms' }])
})

test('what is counted is told for all rounds together, with how many they are', () => {
  const round = roundOf(10, new Map([['streamdown', costOf(30)]]))
  const tell = (rounds: readonly Round[]): string =>
    peersCount(rounds, 'late', ({ longTasks }) => longTasks.length)
  expect(tell([round])).toMatch(/^2 in 1 answer \(streamdown [\d.]+\)$/)
  expect(tell([round, round, round])).toMatch(/^6 in 3 answers \(streamdown [\d.]+\)$/)
})

test('where no peer took part, there is a dash', () => {
  expect(peersSpread([roundOf(10, new Map())], 'late', ({ cpu }) => cpu, 'ms')).toBe('–')
})
