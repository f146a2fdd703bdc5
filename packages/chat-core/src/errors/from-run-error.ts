import type { RunError, TerminalRunStatus } from '../protocol/index.js'
import { ChatError, type ChatErrorCode } from './chat-error.js'

/** What is not `upstream`, by the error's code or else the run's status. A newer server may know more of both. */
const CODES = new Map<string, ChatErrorCode>([
  ['upstream_timeout', 'timeout'],
  ['policy', 'policy'],
  ['blocked', 'policy'],
  ['stopped', 'stopped'],
])

/** The error that explains a run's end; `null` when the run completed. */
export const errorFromRun = (status: TerminalRunStatus, error: RunError | null): ChatError | null =>
  status === 'completed'
    ? null
    : new ChatError(
        CODES.get(error?.code ?? status) ?? 'upstream',
        error?.message ?? `The answer was ${status}.`,
        {
          retryable: error?.retryable,
        },
      )
