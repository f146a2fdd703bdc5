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

export function framesOf(format: StreamFormat, run: Run, step: FollowStep, hasBegun: boolean): StepFrames {
  const id = (seq: number): string => formatCursor({ runId: run.id, seq })
  if (step.type === 'resync') {
    const { seq } = step.snapshot
    const events = format.resync(step.snapshot, hasBegun).map((data) => sseEvent(id(seq), data))
    return { text: events.join(''), lastSeq: seq }
  }
  const { events } = step
  return {
    text: events.map(({ seq, event }) => sseEvent(id(seq), format.event(run, event))).join(''),
    lastSeq: events.at(-1)?.seq ?? 0,
  }
}
