import type { RunError, TerminalRunStatus } from '../protocol/index.js'
import { ChatError, type ChatErrorCode } from './chat-error.js'

/** What is not `upstream`, by the error's code or else the run's status. A newer server may know more of both. */
const CODES = new Map<string, ChatErrorCode>([
  ['upstream_timeout_first_token', 'timeout'],
  ['upstream_timeout_between_tokens', 'stalled'],
  ['policy', 'policy'],
  ['blocked', 'policy'],
  ['stopped', 'stopped'],
])

/** The error that explains a run's end, just now; `null` when the run completed. */
export function errorFromRun(status: TerminalRunStatus, error: RunError | null): ChatError | null {
  if (status === 'completed') return null
  const { code = status, message = `The answer was ${status}.`, retryable, retry_after } = error ?? {}
  const retryAfter = retry_after && retry_after * 1000
  return new ChatError(CODES.get(code) ?? 'upstream', message, { retryable, retryAfter })
}
