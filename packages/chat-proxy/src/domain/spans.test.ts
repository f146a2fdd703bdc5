import { describe, expect, test } from 'vitest'
import { isTimeZone, spanAt } from './spans.js'

const at = (iso: string): number => Date.parse(iso)
const spanOf = (kind: 'day' | 'month', zone: string, iso: string): readonly string[] => {
  const { start, end } = spanAt(kind, zone, at(iso))
  return [start, end].map((time) => new Date(time).toISOString())
}

describe('a day', () => {
  test.each([
    ['UTC', '2026-03-10T12:00:00Z', '2026-03-10T00:00:00.000Z', '2026-03-11T00:00:00.000Z'],
    ['UTC', '2026-12-31T23:59:59.999Z', '2026-12-31T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-03-10T20:00:00Z', '2026-03-10T18:30:00.000Z', '2026-03-11T18:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-03-10T09:59:00Z', '2026-03-09T10:00:00.000Z', '2026-03-10T10:00:00.000Z'],
    ['America/New_York', '2026-01-15T04:59:00Z', '2026-01-14T05:00:00.000Z', '2026-01-15T05:00:00.000Z'],
  ])('in %s at %s', (zone, now, start, end) => {
    expect(spanOf('day', zone, now)).toEqual([start, end])
  })

  test('has 23 hours when the clocks go forward, and 25 when they go back', () => {
    const hours = (iso: string): number => {
      const { start, end } = spanAt('day', 'Europe/Berlin', at(iso))
      return (end - start) / 3_600_000
    }
    expect(hours('2026-03-29T10:00:00Z')).toBe(23)
    expect(hours('2026-10-25T10:00:00Z')).toBe(25)
    expect(hours('2026-10-26T10:00:00Z')).toBe(24)
  })

  test('begins after the gap where clocks skip midnight itself', () => {
    // In Beirut clocks went from 00:00 to 01:00 on 2021-03-28.
    expect(spanOf('day', 'Asia/Beirut', '2021-03-28T10:00:00Z')).toEqual([
      '2021-03-27T22:00:00.000Z',
      '2021-03-28T21:00:00.000Z',
    ])
  })

  test('follows the one before without gap or overlap, all year, in zones of all kinds', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Chatham']) {
      let { start, end } = spanAt('day', zone, at('2026-01-01T12:00:00Z'))
      for (let day = 0; day < 366; day += 1) {
        expect(spanAt('day', zone, end - 1)).toEqual({ start, end })
        const next = spanAt('day', zone, end)
        expect(next.start).toBe(end)
        ;({ start, end } = next)
      }
    }
  })
})

test('a month begins and ends at midnight of its zone', () => {
  expect(spanOf('month', 'Europe/Berlin', '2026-03-31T21:59:00Z')).toEqual([
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ])
  expect(spanOf('month', 'UTC', '2028-02-29T00:00:00Z')).toEqual([
    '2028-02-01T00:00:00.000Z',
    '2028-03-01T00:00:00.000Z',
  ])
})

test('knows which names are zones', () => {
  expect(['UTC', 'Europe/Berlin', 'Asia/Kolkata'].every(isTimeZone)).toBe(true)
  expect(['', 'Mars/Olympus', 'Europe'].some(isTimeZone)).toBe(false)
})
