/** Numbers from a seed, the same each time; `SEED=` gives another's. */
export interface Random {
  readonly seed: number
  /** From 0 up to, and without, `below`. */
  next(below: number): number
  pick<T>(from: readonly T[]): T
}

/** @param seed a whole number */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  // mulberry32: small, and good enough to choose with.
  const next = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below)
  }
  return {
    seed,
    next,
    pick(from) {
      const picked = from[next(from.length)]
      if (picked === undefined) throw new Error('Nothing to pick from.')
      return picked
    },
  }
}

/** The seed that `SEED` names, or a new one. */
export const chosenSeed = (): number => Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
