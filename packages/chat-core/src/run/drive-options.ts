import type { ChatError } from '../errors/chat-error.js'
import type { Platform } from '../platform/platform.js'
import type { AttemptContext } from './attempt.js'
import type { Rung } from './ladder.js'
import type { RunPolicy } from './run-policy.js'

/** What it takes to drive a run. */
export interface DriveOptions extends Pick<AttemptContext, 'transport' | 'send' | 'progress'> {
  readonly platform: Platform
  readonly policy: () => RunPolicy
  /** A valid token; with `renew` a new one, because the last was refused. */
  token(renew: boolean): Promise<string>
  /** Aborts between tries, and only until the server has the run: a question that may have arrived is followed until that is known. */
  readonly stopSignal: AbortSignal
  /** What must be true on the server before the question is sent; repeated until it succeeds once. */
  prepare(): Promise<void>
  readonly rung: Rung
  /** An event came, over this rung. */
  onProgress(rung: Rung): void
  /** Signs of life, but no event for `policy.stillWorkingAfter`; and when one came again. */
  readonly onSlow: (isSlow: boolean) => void
  /** The line broke, or is silent. */
  onTrouble(error: ChatError): void
  readonly signal: AbortSignal
}
