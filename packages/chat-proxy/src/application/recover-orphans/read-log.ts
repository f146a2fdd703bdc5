import { RunLogGap, type RunLog } from '../../domain/ports/index.js'
import type { RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'

/** What the log of a run tells up to its newest event. */
export interface LogReading {
  readonly lastSeq: number
  readonly text: string
  readonly isTextOpen: boolean
  readonly isReasoningOpen: boolean
  readonly hasTextEnd: boolean
  /** The terminal event, when the log has it. */
  readonly ended: Extract<RunEvent, { type: 'ended' }> | null
}

/** @returns `null` when the log does not know the run, or nothing of it can be read. @throws RunLogUnavailable */
export async function readLog(log: RunLog, run: RunRef): Promise<LogReading | null> {
  const last = await log.lastSeq(run)
  if (!last) return null
  const done = new AbortController()
  const events: RunEvent[] = []
  try {
    for await (const batch of log.follow(run, 0, done.signal)) {
      events.push(...batch.map(({ event }) => event))
      if (events.length >= last) break
    }
  } catch (error) {
    if (error instanceof RunLogGap) return null
    throw error
  } finally {
    done.abort()
  }
  return readingOf(events)
}

function readingOf(events: readonly RunEvent[]): LogReading {
  const reading = { text: '', isTextOpen: false, isReasoningOpen: false, hasTextEnd: false }
  let ended: LogReading['ended'] = null
  for (const event of events) {
    if (event.type === 'text-start') reading.isTextOpen = true
    if (event.type === 'text-delta') reading.text += event.text
    if (event.type === 'text-end') reading.hasTextEnd = true
    if (event.type === 'reasoning-start') reading.isReasoningOpen = true
    if (event.type === 'reasoning-end') reading.isReasoningOpen = false
    if (event.type === 'ended') ended = event
  }
  return { ...reading, lastSeq: events.length, ended }
}
