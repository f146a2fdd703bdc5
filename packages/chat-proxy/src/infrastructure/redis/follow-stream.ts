import { RunLogGap } from '../../domain/ports/run-log.js'
import type { LoggedEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import type { RunStreams } from './run-streams.js'

/** Events in one batch. */
const BATCH = 512

/**
 * Reads a run that another process writes. It listens first and reads then, so nothing falls between replay and live; a
 * message only says that there is more, and the stream is read where the reader stands: a slow reader is told once,
 * however much has come, and holds nothing. Publishing rather than a blocking XREAD, because one connection then serves
 * all runs at a cost that does not grow with their number, and a reader can come or go without waking it.
 */
export async function* followStream(
  streams: RunStreams,
  run: RunRef,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly LoggedEvent[]> {
  const news = new News()
  const stopListening = await streams.listen(run, (message) => news.tell(message === null))
  try {
    const newest = await existing(streams, run)
    if (after > newest.seq) throw new RunLogGap('The cursor is ahead of the log.')
    if (after === newest.seq && newest.event.type === 'closed') return
    for (let seen = after; !signal.aborted;) {
      const mark = news.count
      const batch = await streams.after(run, seen, BATCH)
      const last = batch.at(-1)
      if (last === undefined) {
        if (news.takeDoubt()) await existing(streams, run)
        await news.since(mark, signal)
        continue
      }
      seen = last.seq
      yield batch
      if (last.event.type === 'closed') return
    }
  } finally {
    stopListening()
  }
}

async function existing(streams: RunStreams, run: RunRef): Promise<LoggedEvent> {
  const newest = await streams.newest(run)
  if (newest) return newest
  throw new RunLogGap('The log does not know this run.')
}

/** Counts what was told, so that a reader who looks away for a moment misses nothing. */
class News {
  count = 0
  #isDoubtful = false
  #wake = (): void => {}

  /** `isDoubtful`: the connection was down; Redis may have lost the stream. */
  tell(isDoubtful: boolean): void {
    this.count += 1
    this.#isDoubtful ||= isDoubtful
    this.#wake()
  }

  takeDoubt(): boolean {
    const was = this.#isDoubtful
    this.#isDoubtful = false
    return was
  }

  /** Resolves when more was told than `mark`, or when `signal` aborts. */
  since(mark: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.count > mark || signal.aborted) return resolve()
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        this.#wake = () => {}
        resolve()
      }
      this.#wake = wake
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
