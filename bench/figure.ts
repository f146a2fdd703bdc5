/** One measured number beside its target. */
export interface Figure {
  readonly name: string
  /** What clients in use today reach, as measured elsewhere; empty where nobody states it. */
  readonly today: string
  readonly target: string
  readonly measured: string
  readonly met: boolean
}

/** A group of figures that are measured together. */
export interface Bench {
  readonly name: string
  run(): Promise<readonly Figure[]>
}

/** The value below which `share` (0…1) of the samples lie. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** A long run by default; `BENCH_SCALE=0.01` makes a short one of it. */
export const scaled = (count: number): number =>
  Math.max(1, Math.round(count * Number(process.env['BENCH_SCALE'] ?? 1)))
