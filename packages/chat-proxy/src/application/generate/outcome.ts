import type { FinishReason, RunError, RunErrorCode, TerminalRunStatus } from '@colloquy/chat-core/protocol'
import { ModelError, type ModelErrorCode } from '../../domain/model-error.js'
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
const timeout = (code: keyof typeof TIMEOUT_TEXTS): RunError =>
  runError('upstream_timeout', TIMEOUT_TEXTS[code], true)
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
  error: runError(
    'overloaded',
    'Too many questions are waiting right now. Please try again in a moment.',
    true,
  ),
  finishReason: null,
}

const OF_MODEL: Record<ModelErrorCode, RunError> = {
  unavailable: UNAVAILABLE,
  'timeout-connect': timeout('timeout-connect'),
  'timeout-first-token': timeout('timeout-first-token'),
  'timeout-between-tokens': timeout('timeout-between-tokens'),
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
  const error = failure instanceof ModelError ? OF_MODEL[failure.code] : INTERNAL
  return { status: 'failed', error, finishReason: null }
}
