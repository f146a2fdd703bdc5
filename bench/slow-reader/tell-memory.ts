import type { Held } from './messages.js'

/** Loaded into a server that can throw its garbage away, `--expose-gc`: it tells what it holds when it is asked for anything. */
process.on('message', () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ bytes: heapUsed + external } satisfies Held)
})
