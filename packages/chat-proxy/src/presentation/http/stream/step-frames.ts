import { DONE, formatCursor } from '@colloquy/chat-core/protocol'
import type { FollowStep } from '../../../application/follow-run/follow-run.js'
import { isTerminal, type Run } from '../../../domain/run.js'
import { openAiData, resyncData } from './openai-chunks.js'
import { sseEvent } from './sse-format.js'

/** What one step is on the wire, and how far the reader is after it. */
export interface StepFrames {
  readonly text: string
  readonly lastSeq: number
}

export function framesOf(run: Run, step: FollowStep): StepFrames {
  const id = (seq: number): string => formatCursor({ runId: run.id, seq })
  if (step.type === 'resync') {
    const { snapshot } = step
    const at = id(snapshot.seq)
    // Nothing follows the snapshot of an ended run, so the stream's own end comes with it.
    const end = isTerminal(snapshot.run.status) ? sseEvent(at, DONE) : ''
    return { text: sseEvent(at, resyncData(snapshot)) + end, lastSeq: snapshot.seq }
  }
  const { events } = step
  return {
    text: events.map(({ seq, event }) => sseEvent(id(seq), openAiData(run, event))).join(''),
    lastSeq: events.at(-1)?.seq ?? 0,
  }
}
