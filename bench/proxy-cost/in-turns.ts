/** One way to the same answer. */
export interface Way {
  /** In so many rounds, the first among them. */
  readonly rounds: number
  measure(): Promise<number>
}

/**
 * Measures ways one after the other, several times: what the machine does to one of a round it does to the others. A round before them
 * warms all of them up.
 * @returns of each way the values of its rounds
 */
export async function inTurns<K>(ways: ReadonlyMap<K, Way>): Promise<ReadonlyMap<K, readonly number[]>> {
  const found = new Map<K, number[]>([...ways.keys()].map((key) => [key, []]))
  const rounds = Math.max(...[...ways.values()].map((way) => way.rounds))
  for (const way of ways.values()) await way.measure()
  for (let round = 0; round < rounds; round += 1)
    for (const [key, way] of ways) if (round < way.rounds) found.get(key)?.push(await way.measure())
  return found
}
