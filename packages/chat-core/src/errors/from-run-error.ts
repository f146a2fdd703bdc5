import type { RunError, TerminalRunStatus } from '../protocol/index.js'
import { ChatError, type ChatErrorCode } from './chat-error.js'

const BY_CODE: Record<RunError['code'], ChatErrorCode> = {
  upstream_unavailable: 'upstream',
  upstream_timeout: 'timeout',
  upstream_rejected: 'upstream',
  upstream_broken: 'upstream',
  interrupted: 'upstream',
  overloaded: 'upstream',
  chat_disabled: 'upstream',
  policy: 'policy',
  internal: 'upstream',
}

/** The error that explains a run's end; `null` when the run completed. */
export function errorFromRun(status: TerminalRunStatus, error: RunError | null): ChatError | null {
  if (status === 'completed') return null
  if (error) {
    // A server newer than this client may know more codes than we do.
    const code: ChatErrorCode = BY_CODE[error.code] ?? 'upstream'
    return new ChatError(code, error.message, { retryable: error.retryable })
  }
  switch (status) {
    case 'stopped':
      return new ChatError('stopped', 'The answer was stopped.')
    case 'blocked':
      return new ChatError('policy', 'The answer was refused by a policy of this site.')
    case 'interrupted':
      return new ChatError('upstream', 'The answer was interrupted.', { retryable: true })
    case 'failed':
      return new ChatError('upstream', 'The answer could not be generated.', { retryable: true })
  }
}
