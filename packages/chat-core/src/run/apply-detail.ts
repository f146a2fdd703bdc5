import { seqOf, type RunDetail } from '../protocol/index.js'
import { ChatError, NOT_THE_PROTOCOL } from '../errors/chat-error.js'
import { noteEnd } from './apply-event.js'
import type { RunProgress } from './run-progress.js'

/** Applies what `GET /runs/{run_id}` says: the text so far replaces ours, and reading goes on behind its cursor. */
export function applyDetail(progress: RunProgress, detail: RunDetail): void {
  const seq = seqOf(detail.cursor, progress.runId)
  if (seq === null || typeof detail.message?.content !== 'string') {
    throw new ChatError('protocol', NOT_THE_PROTOCOL)
  }
  progress.acknowledged = true
  progress.text = detail.message.content
  progress.told.queue = detail.queue
  progress.seq = Math.max(progress.seq, seq)
  noteEnd(progress, detail.status, detail.error)
}
