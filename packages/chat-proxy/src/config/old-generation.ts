import { setFlagsFromString } from 'node:v8'

/** In percent of what was found to be alive. */
const MOST_GROWTH = 30

/**
 * Bounds what the heap of this process grows by before it is collected again. V8 would let it come to several times what is alive:
 * with thousands of open answers that is more than all of them keep. Few things die old here, so collecting sooner costs little.
 * A V8 that knows the flag no more only warns.
 */
export function boundOldGeneration(): void {
  setFlagsFromString(`--heap-growing-percent=${MOST_GROWTH}`)
}
