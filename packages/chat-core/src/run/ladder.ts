/**
 * The ways to get an answer, from the best to the one that works through anything. All of them are about one run, so
 * stepping down never starts a second generation.
 */
export const RUNGS = ['stream', 'padded', 'poll', 'result'] as const
export type Rung = (typeof RUNGS)[number]

/** How long a rung that worked is used first, in milliseconds. */
export const REMEMBER_MS = 3_600_000

export interface RememberedRung {
  readonly rung: Rung
  /** Milliseconds since 1970. */
  readonly until: number
}

/** The next rung down; `null` below the last. */
export const rungBelow = (rung: Rung): Rung | null => RUNGS[RUNGS.indexOf(rung) + 1] ?? null

/** Where to begin, given what was remembered. Tolerates whatever storage hands back. */
export function firstRung(remembered: unknown, now: number): Rung {
  if (typeof remembered !== 'object' || remembered === null) return 'stream'
  const { rung, until } = remembered as Partial<RememberedRung> // each field is checked below
  const known = RUNGS.find((candidate) => candidate === rung)
  const fresh = typeof until === 'number' && until > now && until <= now + REMEMBER_MS
  return known && fresh ? known : 'stream'
}
