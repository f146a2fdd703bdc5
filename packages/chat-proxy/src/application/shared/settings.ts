import type { LoadSettings } from '../admission/seat.js'
import type { BudgetSettings } from './budget.js'

/** The operator's choices that use cases need. */
export interface Settings {
  /** Longest message accepted, in UTF-16 code units. */
  readonly maxMessageChars: number
  /** How many of the newest messages of a branch the model is shown, the question included. */
  readonly contextMessages: number
  /** How often a stream gives a sign of life, in milliseconds. */
  readonly heartbeatMs: number
  /** A run that nobody has read for so many milliseconds is ended. */
  readonly noReaderGraceMs: number
  /** False: nobody gets the chat. */
  readonly isChatEnabled: boolean
  readonly budget: BudgetSettings
  readonly load: LoadSettings
}
