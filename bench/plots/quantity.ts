/** A number with its unit, such as `7.97 KiB`. */
export interface Quantity {
  readonly value: number
  readonly unit: string
}

/** Somebody else's, by name; what has no name is what clients in use reach. */
export interface Peer extends Quantity {
  readonly name: string
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

/**
 * `54.1 (AI SDK)`, `54.1 kB (AI SDK: 53.8–54.9 in 3)` and `NLUX 51 kB`, one after the other; a unit that is left out is that of the one
 * before.
 */
export function peersIn(cell: string): readonly Peer[] {
  const peers: Peer[] = []
  for (const part of cell.split(/[;,] (?=\D|\d)/)) {
    const after = new RegExp(String.raw`^~?(${NUMBER}) ?(${UNIT})? \(([^:]+)(?:: .+)?\)$`).exec(part)
    const before = new RegExp(String.raw`^(\D+?) (${NUMBER}) ?(${UNIT})?(?: \w+)?$`).exec(part)
    const alone = new RegExp(String.raw`^~?(${NUMBER}) ?(${UNIT})$`).exec(part)
    const [value, unit, name] = after
      ? [after[1], after[2], after[3]]
      : before
        ? [before[2], before[3], before[1]]
        : [alone?.[1], alone?.[2], 'today']
    const known = unit ?? peers.at(-1)?.unit
    if (value !== undefined && name !== undefined && known !== undefined)
      peers.push({ name, value: toNumber(value), unit: known })
  }
  return peers
}
