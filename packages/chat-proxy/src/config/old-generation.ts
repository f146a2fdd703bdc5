import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Of what lives. */
const MOST_GARBAGE_PERCENT = 20

/**
 * Has garbage of the old generation collected whenever that has grown by a fifth. V8 waits with its first collection until there are
 * some 250 MB, and lets what lives double until the next: beside thousands of open answers, whose words and times all become
 * old before they go, that is as much as they keep. Small heaps grow by a few megabytes either way. What bounds the growth is what the
 * last collection has found, so one is made here: to be called when all that stays is there. A V8 that knows the flags no more only warns.
 */
export function boundOldGeneration(): void {
  setFlagsFromString(`--heap-growing-percent=${MOST_GARBAGE_PERCENT}`)
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('globalThis.gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}
