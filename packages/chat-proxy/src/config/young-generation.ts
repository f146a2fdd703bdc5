import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Room for what has just been made: enough that a question's own objects die there, little beside what a thousand streams keep. */
const YOUNG_BYTES = 16 * 1024 * 1024
/** More than it takes. */
const MOST_STEPS = 100
const OBJECTS_A_STEP = 2_000

const grows = (factor: number): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`)

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? Infinity

/**
 * Keeps the young generation of this process at 16 MB. V8 would let it grow to 128 MB, as much as thousands of open streams keep
 * in all. The bound itself is read before any of our code runs, so the growth is done here and then ended; a V8 that knows
 * the flag no more only warns. To be called before anything else is made.
 */
export function boundYoungGeneration(): void {
  grows(8)
  const kept: object[] = []
  for (let step = 0; step < MOST_STEPS && youngBytes() < YOUNG_BYTES; step += 1)
    for (let i = 0; i < OBJECTS_A_STEP; i += 1) kept.push({ i, pair: [i, i] })
  grows(1)
}
