import type { LoadSettings } from '../admission/seat.js'
import type { BudgetSettings } from './budget.js'
import type { ContextSettings } from './conversation-context.js'

/** The operator's choices that use cases need. */
export interface Settings {
  /** Longest message accepted, in UTF-16 code units. */
  readonly maxMessageChars: number
  /** What the model is shown of a conversation. */
  readonly context: ContextSettings
  /** How often a stream gives a sign of life, in milliseconds. */
  readonly heartbeatMs: number
  /** A run that nobody has read for so many milliseconds is ended. */
  readonly noReaderGraceMs: number
  /** False: nobody gets the chat. */
  readonly isChatEnabled: boolean
  readonly budget: BudgetSettings
  readonly load: LoadSettings
}
