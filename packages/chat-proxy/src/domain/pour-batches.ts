import type { LoggedBatches, TakeBatch } from './ports/index.js'

/** As `LoggedBatches.pour`, also of a log that can only be looped over. */
export async function pourBatches(batches: LoggedBatches, take: TakeBatch): Promise<void> {
  if (batches.pour) return batches.pour(take)
  for await (const events of batches) await take(events)
}
