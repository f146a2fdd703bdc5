import { parseCursor, type RunDetail } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import { isTerminal } from './apply-event.js'
import type { RunProgress } from './run-progress.js'

/** Applies what `GET /runs/{run_id}` says: the text so far replaces ours, and reading goes on behind its cursor. */
export function applyDetail(progress: RunProgress, detail: RunDetail): void {
  const cursor = parseCursor(detail.cursor)
  if (cursor?.runId !== progress.runId || typeof detail.message?.content !== 'string') {
    throw new ChatError('protocol', 'The server answered with something that is not this run.')
  }
  progress.acknowledged = true
  progress.text = detail.message.content
  progress.seq = Math.max(progress.seq, cursor.seq)
  progress.messageId = detail.message_id
  progress.conversationId = detail.conversation_id
  progress.usage = detail.usage
  if (isTerminal(detail.status)) progress.end ??= { status: detail.status, error: detail.error }
}
