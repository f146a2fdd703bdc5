/** Chance with a seed: the same fleet for the same figures. */
export interface Random {
  /** 0 ≤ x < 1 */
  uniform(): number
  /** How many of a Poisson process with this mean. */
  poisson(mean: number): number
  /** Log-normal around `median`; `spread` 0.5 has one in twenty beyond 2.3 times the median. */
  logNormal(median: number, spread: number): number
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const uniform = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return {
    uniform,
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    poisson(mean) {
      // Beyond this the normal distribution is as good, and takes one step.
      if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
      const limit = Math.exp(-mean)
      let count = 0
      for (let product = uniform(); product > limit; product *= uniform()) count += 1
      return count
    },
  }
}
