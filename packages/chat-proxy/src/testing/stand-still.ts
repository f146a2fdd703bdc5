/** As a stopped process, or one that gets little of the machine: timers fall due, and nothing is read meanwhile. */
export const standStill = (ms: number): unknown =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** So many turns of the event loop, as an answer takes that comes over several ways there and back. */
export async function turnsPass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
