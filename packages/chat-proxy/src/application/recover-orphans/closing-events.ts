import type { RunEvent } from '../../domain/run-event.js'
import type { RunEnd } from '../../domain/run.js'
import type { LogReading } from './read-log.js'

/**
 * What a log lacks, so that who reads it to its end has the whole answer as it is stored: the rest of the text, when its
 * writer died or lost the log before it was all written, and the end.
 */
export function closingEvents(
  log: LogReading,
  end: Pick<RunEnd, 'status' | 'content' | 'usage' | 'error'>,
): readonly RunEvent[] {
  if (log.ended) return [{ type: 'closed' }]
  const { status, usage, error } = end
  const rest = end.content.startsWith(log.text) ? end.content.slice(log.text.length) : ''
  const endsText = status === 'completed' && !log.hasTextEnd
  const events: RunEvent[] = []
  if (log.isReasoningOpen && (rest !== '' || endsText)) events.push({ type: 'reasoning-end' })
  if (rest !== '' && !log.isTextOpen) events.push({ type: 'text-start' })
  if (rest !== '') events.push({ type: 'text-delta', text: rest })
  if (endsText) events.push({ type: 'text-end', finishReason: 'stop' })
  return [...events, { type: 'ended', status, usage, error }, { type: 'closed' }]
}
