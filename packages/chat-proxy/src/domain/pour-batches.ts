import type { LoggedBatches, TakeBatch } from './ports/index.js'

/** As `LoggedBatches.pour`, also of a log that can only be looped over. */
export const pourBatches = (batches: LoggedBatches, take: TakeBatch): Promise<void> =>
  // What pours itself is not awaited here: every promise on the way is there for as long as an answer is open.
  batches.pour ? batches.pour(take) : pourByLooping(batches, take)

async function pourByLooping(batches: LoggedBatches, take: TakeBatch): Promise<void> {
  for await (const events of batches) await take(events)
}
