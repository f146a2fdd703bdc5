/** One chunk a read, and the event loop let go every 100, as a socket would. */
export function streamOf(frames: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0
  return new ReadableStream({
    async pull(controller) {
      if (next % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
      const frame = frames[next]
      next += 1
      if (frame) controller.enqueue(frame)
      else controller.close()
    },
  })
}

/** Microseconds of CPU that this process uses for a task. */
export async function cpuOf(task: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await task()
  const used = process.cpuUsage(before)
  return used.user + used.system
}
