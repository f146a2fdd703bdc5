/**
 * The ways to get an answer, from the best to the one that works through anything. All of them are about one run, so
 * stepping down never starts a second generation.
 */
export const RUNGS = ['stream', 'padded', 'poll', 'result'] as const
export type Rung = (typeof RUNGS)[number]

/** The next rung down; `null` below the last. */
export const rungBelow = (rung: Rung): Rung | null => RUNGS[RUNGS.indexOf(rung) + 1] ?? null

/** How long a rung that got through is used first, in milliseconds. */
export const REMEMBER_MS = 3_600_000

export interface FoundRung {
  readonly rung: Rung
  /** Milliseconds since 1970. */
  readonly until: number
}
