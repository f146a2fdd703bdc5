import { isTerminal, type Run, type RunEnd } from '../../domain/run.js'
import { interruptAttempts } from '../../domain/run-attempt.js'
import { INTERRUPTED } from '../generate/outcome.js'
import { closingEvents } from './closing-events.js'
import type { LogReading } from './read-log.js'

/**
 * The end that is stored, or the one to be stored: what readers were told already, else that it was interrupted.
 * @param stored the text that the store has of the answer
 * @param now milliseconds since 1970
 */
export function recoveredEnd(
  run: Run,
  log: LogReading | null,
  { stored, now }: { readonly stored: string; readonly now: number },
): RunEnd {
  const endedAt = run.endedAt ?? now
  const shared = { model: run.model, attempts: interruptAttempts(run.attempts, endedAt), endedAt }
  if (isTerminal(run.status)) {
    const { status, usage, error, lastSeq } = run
    return { ...shared, status, usage, error, lastSeq, content: stored }
  }
  const { status, usage, error } = log?.ended ?? {
    status: 'interrupted',
    usage: run.usage,
    error: INTERRUPTED,
  }
  const content = log && log.text.length > stored.length ? log.text : stored
  const missing = log ? closingEvents(log, { status, usage, error, content }).length : 0
  return { ...shared, status, usage, error, content, lastSeq: (log?.lastSeq ?? run.lastSeq) + missing }
}
