import type { Usage } from '@colloquy/chat-core/protocol'
import type { ModelErrorCode } from './model-error.js'

/** One call of one provider for a run. A run has several when a provider failed before the first word. */
export interface RunAttempt {
  /** Name of the preset or of the configured chain entry, such as `openai`. */
  readonly provider: string
  /** The model as that provider knows it. */
  readonly model: string
  readonly outcome: 'completed' | ModelErrorCode
  /** HTTP status of the answer; `null` when none came. */
  readonly status: number | null
  /** The provider's own count; `null` when it gave none. */
  readonly usage: Usage | null
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
}
