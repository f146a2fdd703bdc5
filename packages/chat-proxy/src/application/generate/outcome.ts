import type { FinishReason, RunError, RunErrorCode, TerminalRunStatus } from '@colloquy/chat-core/protocol'
import { ModelError, type ModelErrorCode } from '../../domain/model-error.js'
import { RETRY_SECONDS } from '../admission/queue-refusals.js'
import { TIMEOUT_TEXTS } from '../shared/timeout-texts.js'

/** How a generation came to its end, before it is written down. */
export interface Outcome {
  readonly status: TerminalRunStatus
  readonly error: RunError | null
  /** Only when the answer has an end of its own. */
  readonly finishReason: FinishReason | null
}

/** Why we ended a generation ourselves: somebody asked for it, the process is going away, or the operator switched it off. */
export type EndedBy = 'stopped' | 'interrupted' | 'disabled'

const runError = (code: RunErrorCode, message: string, retryable: boolean): RunError => ({
  code,
  message,
  retryable,
})

export const INTERRUPTED = runError(
  'interrupted',
  'The answer was cut off because the server stopped. What arrived until then is kept.',
  true,
)
export const INTERNAL = runError('internal', 'Something went wrong on the server. Please try again.', true)

const DISABLED = runError(
  'chat_disabled',
  'The chat was switched off. What arrived until then is kept.',
  false,
)

const UNAVAILABLE = runError(
  'upstream_unavailable',
  'The model cannot be reached right now. Please try again.',
  true,
)
const REJECTED = runError(
  'upstream_rejected',
  'The model refused the request. Trying again will not help.',
  false,
)
const BROKEN = runError('upstream_broken', 'The answer broke off before it was complete.', true)
const EMPTY = runError('upstream_broken', 'The model gave an empty answer. Please try again.', true)

/** It waited, and somebody of a higher tier needed the room. */
export const SHED: Outcome = {
  status: 'failed',
  error: {
    ...runError(
      'overloaded',
      'Too many questions are waiting right now. Please try again in a moment.',
      true,
    ),
    retry_after: RETRY_SECONDS,
  },
  finishReason: null,
}

const OF_MODEL: Record<ModelErrorCode, RunError> = {
  unavailable: UNAVAILABLE,
  'timeout-connect': runError('upstream_timeout_connect', TIMEOUT_TEXTS['timeout-connect'], true),
  'timeout-first-token': runError('upstream_timeout_first_token', TIMEOUT_TEXTS['timeout-first-token'], true),
  'timeout-between-tokens': runError(
    'upstream_timeout_between_tokens',
    TIMEOUT_TEXTS['timeout-between-tokens'],
    true,
  ),
  rejected: REJECTED,
  broken: BROKEN,
  'switched-off': DISABLED,
  // Ours was not asked for, or it would have been found before: the signal fired for no reason we know.
  aborted: INTERNAL,
}

/** The model came to its end. An answer without a word is a failure, or people would face an empty bubble. */
export const outcomeOfEnd = (text: string, finishReason: FinishReason | null): Outcome =>
  text === ''
    ? { status: 'failed', error: EMPTY, finishReason: null }
    : { status: 'completed', error: null, finishReason: finishReason ?? 'stop' }

const OFF: Outcome = { status: 'interrupted', error: DISABLED, finishReason: null }

/** Something threw. What we asked for ourselves counts before what the model says about it. */
export function outcomeOfFailure(failure: unknown, endedBy: EndedBy | null): Outcome {
  if (endedBy === 'stopped') return { status: 'stopped', error: null, finishReason: null }
  if (endedBy === 'interrupted') return { status: 'interrupted', error: INTERRUPTED, finishReason: null }
  if (endedBy === 'disabled') return OFF
  if (failure instanceof ModelError && failure.code === 'switched-off') return OFF
  const error = failure instanceof ModelError ? errorOfModel(failure) : INTERNAL
  return { status: 'failed', error, finishReason: null }
}

/** A provider that names a time further away says nothing that anybody waits for, in seconds. */
const LONGEST_RETRY_AFTER = 86_400

/** With the provider's word on when to come back, where coming back helps. */
function errorOfModel({ code, retryAfter }: ModelError): RunError {
  const error = OF_MODEL[code]
  if (!error.retryable || retryAfter === undefined) return error
  return { ...error, retry_after: Math.min(Math.ceil(retryAfter / 1000), LONGEST_RETRY_AFTER) }
}
