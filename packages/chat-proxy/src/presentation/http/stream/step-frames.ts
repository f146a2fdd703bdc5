import { formatCursor } from '@colloquy/chat-core/protocol'
import type { FollowStep } from '../../../application/follow-run/follow-run.js'
import type { Run } from '../../../domain/run.js'
import { sseEvent } from './sse-format.js'
import type { StreamFormat } from './stream-format.js'

/** What one step is on the wire, and how far the reader is after it. */
export interface StepFrames {
  readonly text: string
  readonly lastSeq: number
}

/** How the steps of one run are written. The first call begins the stream. */
export function framesOf(format: StreamFormat, run: Run): (step: FollowStep) => StepFrames {
  const dataOf = format.eventsOf(run)
  let hasBegun = false
  return (step) => {
    const isFirst = !hasBegun
    hasBegun = true
    if (step.type === 'resync') {
      const { seq } = step.snapshot
      const events = format.resync(step.snapshot, !isFirst).map((data) => sseEvent(idOf(run, seq), data))
      return { text: events.join(''), lastSeq: seq }
    }
    let text = ''
    let lastSeq = 0
    for (const { seq, event } of step.events) {
      text += sseEvent(idOf(run, seq), dataOf(event))
      lastSeq = seq
    }
    return { text, lastSeq }
  }
}

const idOf = (run: Run, seq: number): string => formatCursor({ runId: run.id, seq })
