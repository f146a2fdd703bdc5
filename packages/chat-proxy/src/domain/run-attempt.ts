import type { Usage } from '@colloquy/chat-core/protocol'
import type { ModelErrorCode } from './model-error.js'

/** One call of one provider for a run. A run has several when a provider failed before the first word. */
export interface RunAttempt {
  /** Name of the preset or of the configured chain entry, such as `openai`. */
  readonly provider: string
  /** The model as that provider knows it. */
  readonly model: string
  /** `interrupted`: the process died while it was under way. */
  readonly outcome: 'completed' | 'interrupted' | ModelErrorCode
  /** HTTP status of the answer; `null` when none came. */
  readonly status: number | null
  /** The provider's own count; `null` when it gave none. */
  readonly usage: Usage | null
  /** Milliseconds that the provider asked to wait before the next call; left out when it asked for none. */
  readonly retryAfter?: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Milliseconds since 1970; of an interrupted one, when it was found. */
  readonly endedAt: number
}

/** A call that is under way. */
export interface OpenAttempt extends Pick<RunAttempt, 'provider' | 'model' | 'status' | 'startedAt'> {
  readonly outcome: null
  readonly usage: null
  readonly endedAt: null
}

/** The attempts of a run whose process died, complete. @param at milliseconds since 1970 when it was found */
export const interruptAttempts = (
  attempts: readonly (RunAttempt | OpenAttempt)[],
  at: number,
): readonly RunAttempt[] =>
  attempts.map((attempt) =>
    attempt.outcome === null ? { ...attempt, outcome: 'interrupted', endedAt: at } : attempt,
  )
