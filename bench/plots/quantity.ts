/** A number with its unit, such as `7.97 KiB`. */
export interface Quantity {
  readonly value: number
  readonly unit: string
}

/** Somebody else's, by name. */
export interface Peer extends Quantity {
  readonly name: string
  readonly range: Range | null
}

const UNIT = String.raw`(?:[kKMG]i?B|µs|ms|s|%|heartbeats|×)`
const NUMBER = String.raw`-?\d[\d,]*(?:\.\d+)?`
const START = new RegExp(String.raw`^(?:p\d+ )?[≤<]? ?(${NUMBER}) ?(${UNIT})(?![\w/])`)

const toNumber = (text: string): number => Number(text.replaceAll(',', ''))

/** What a cell begins with; null where that is no number with a unit, which counts, ratios and words are not. */
export function quantityIn(cell: string): Quantity | null {
  const [, value, unit] = START.exec(cell) ?? []
  return value === undefined || unit === undefined ? null : { value: toNumber(value), unit }
}

/** The least and the most of rounds. */
export type Range = readonly [least: number, most: number]

const RANGE = new RegExp(String.raw`^[^;·]*?(${NUMBER})(?:–| to )(${NUMBER}) in \d+\)`)

/** What stands in brackets behind the first number of a cell, `3.66 µs (3.41–3.98 in 7)`; null where it was measured once. */
export function rangeIn(cell: string): Range | null {
  const [, least, most] = RANGE.exec(cell) ?? []
  return least === undefined || most === undefined ? null : [toNumber(least), toNumber(most)]
}

const PEER = new RegExp(String.raw`(?<=^|[,;] )(${NUMBER}) (${UNIT}) \(([^(),:]+)[^()]*\)`, 'g')

/** `54.1 kB (AI SDK 4.0)` and `54.1 kB (AI SDK 4.0, without history: 53.8–54.9 in 3)`, one after the other. */
export const peersIn = (cell: string): readonly Peer[] =>
  Array.from(cell.matchAll(PEER), ([all, value = '', unit = '', name = '']) => ({
    name,
    value: toNumber(value),
    unit,
    range: rangeIn(all),
  }))
