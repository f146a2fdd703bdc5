import type { Part } from './parts.js'

/** One measured number beside its target. */
export interface Figure {
  readonly name: string
  /** What others reach, each with its version, in the same run; `–` where none was measured. */
  readonly today: string
  readonly target: string
  readonly measured: string
  readonly met: boolean
}

/** A group of figures that are measured together. */
export interface Bench {
  readonly name: string
  /** What else its figures depend on. */
  readonly parts?: readonly Part[]
  run(): Promise<readonly Figure[]>
}

/** The value below which `share` (0…1) of the samples lie. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** How often what is measured in time, CPU or memory is measured within a run, at least. */
export const ROUNDS = 3

/** The same measurement, one round after the other. */
export async function repeated<T>(
  measure: (round: number) => Promise<T>,
  rounds = ROUNDS,
): Promise<readonly T[]> {
  const found: T[] = []
  while (found.length < rounds) found.push(await measure(found.length))
  return found
}

/** What rounds of one measurement say: their median, and the least and the most of them: `3.66 µs (3.41–3.98 in 7)`. */
export function spread(rounds: readonly number[], unit: string, digits = 2): string {
  return `${fixed(median(rounds), digits)} ${unit} (${between(rounds, digits)})`
}

/** The same of a peer, as the column _today_ has it: `3.66 × (streamdown 2.7.1: 3.41–3.98 in 7)`. */
export function spreadOf(peer: string, rounds: readonly number[], unit: string, digits = 2): string {
  const all = rounds.length === 1 ? 'once' : between(rounds, digits)
  return `${fixed(median(rounds), digits)} ${unit} (${peer}: ${all})`
}

function between(rounds: readonly number[], digits: number): string {
  const [least, most] = [quantile(rounds, 0), quantile(rounds, 1)]
  const [from, until] = [fixed(least, digits), fixed(most, digits)]
  return `${from}${from.startsWith('-') ? ' to ' : '–'}${until} in ${rounds.length}`
}

/** Nothing is no less than nothing: `-0.0` is `0.0`. */
export const fixed = (value: number, digits: number): string =>
  value.toFixed(digits).replace(/^-(?=[0.]+$)/, '')

/** A long run by default; `BENCH_SCALE=0.01` makes a short one of it. */
export const scaled = (count: number): number =>
  Math.max(1, Math.round(count * Number(process.env['BENCH_SCALE'] ?? 1)))
