import type * as mathModule from '../markdown/extras/math/index.js'

type MathModule = typeof mathModule

let math: MathModule | null | undefined

/** What shows math: undefined while nobody asked for it, null where it did not come. Formulas then stay as they are written. */
export const loadedMath = (): MathModule | null | undefined => math

/** Fetches it, once: with the first question of a site that wants it, so that waiting for the model hides it. Never rejects. */
export async function loadMath(): Promise<void> {
  math ??= await import('../markdown/extras/math/index.js').catch(() => null)
}
