import { Asker } from './questions.js'
import type { TimedModel } from './timed-model.js'

/** @returns ms from asking for each stop to the closed socket of the model, one stop after the other among `running` answers */
export async function measureStops(
  port: number,
  model: TimedModel,
  { stops, running }: { readonly stops: number; readonly running: number },
): Promise<readonly number[]> {
  const asker = await Asker.start(port)
  const others = await asker.askMany(running)
  const took: number[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    const { id, ended } = await asker.ask()
    const began = performance.now()
    const stopped = asker.stop(id)
    await ended
    await stopped
    took.push((await model.closedAt(id)) - began)
  }
  await Promise.all(others.map(({ id }) => asker.stop(id)))
  await Promise.all(others.map(({ ended }) => ended))
  return took
}
