import type { ChatErrorCode } from '@colloquy/chat-core'

/** What happened, and what the reader can do about it. */
export interface ErrorWords {
  readonly what: string
  readonly next: string
}

/** The limits that there are words for. */
export type LimitName =
  | 'messages_per_minute'
  | 'sessions_per_minute'
  | 'messages_per_day'
  | 'tokens_per_day'
  | 'money_per_day'
  | 'money_per_month'
  | 'runs_at_once'

/** Every word that the widget shows or speaks. A locale is one object of this type. */
export interface ChatStrings {
  /** BCP 47 tag, for dates and numbers. */
  readonly language: string
  readonly heading: string
  readonly greeting: string
  readonly emptyHint: string
  readonly placeholder: string
  readonly openChat: string
  /** In place of `openChat`, when `count` answers have not been seen. */
  readonly openUnread: (count: number) => string
  readonly closeChat: string
  /** In the page's title, when `count` answers have not been seen. */
  readonly newMessages: (count: number) => string
  readonly newConversation: string
  readonly conversations: string
  readonly backToChat: string
  readonly noConversations: string
  readonly untitled: string
  readonly deleteConversation: (title: string) => string
  readonly renameConversation: (title: string) => string
  /** Names the field for a conversation's title. */
  readonly title: string
  readonly searchConversations: string
  readonly nothingFound: string
  /** Spoken when a search has found so many conversations. */
  readonly found: (count: string) => string
  /** A conversation was deleted just now. */
  readonly deleted: string
  readonly undo: string
  /** Something could not be done. */
  readonly notDone: string
  readonly cancel: string
  readonly messages: string
  readonly messageLabel: string
  readonly you: string
  readonly assistant: string
  readonly send: string
  readonly stop: string
  readonly retry: string
  readonly tryAgain: string
  /** Answer the same question once more. */
  readonly regenerate: string
  readonly editMessage: string
  /** Names the versions of a message as a group, and says which of them is shown. */
  readonly version: (number: string, of: string) => string
  readonly previousVersion: string
  readonly nextVersion: string
  readonly goodAnswer: string
  readonly badAnswer: string
  /** Ask for a word on why, after a thumb. */
  readonly whatWasGood: string
  readonly whatWasBad: string
  readonly skip: string
  readonly sendComment: string
  readonly thanks: string
  readonly copy: string
  readonly copied: string
  readonly copyCode: string
  readonly image: string
  readonly table: string
  readonly codeBlock: string
  readonly formula: string
  readonly taskDone: string
  readonly taskOpen: string
  readonly jumpToLatest: string
  readonly writing: string
  readonly stillWorking: string
  /** Others are answered first. @param place such as "3"; "1" for the next */
  readonly inQueue: (place: string) => string
  readonly reconnecting: string
  readonly queued: string
  readonly notSent: string
  readonly stopped: string
  readonly interrupted: ErrorWords
  readonly offline: string
  /** The site's operator has switched the chat off. */
  readonly switchedOff: string
  readonly demo: string
  readonly demoHint: string
  readonly loading: string
  readonly suggestions: string
  /** Names the questions that may follow an answer. */
  readonly followUps: string
  readonly characters: (used: string, most: string) => string
  readonly tooLong: (over: string) => string
  /** When something will be, given a clock of minutes and seconds that runs down, as in 4:07. */
  readonly inTime: (clock: string) => string
  /** Nothing can be sent before a limit lets it. @param wait such as "in 0:42" or "in 5 hours". */
  readonly waiting: (wait: string) => string
  readonly waitOver: string
  /** No answer of any kind came from the server. */
  readonly unreachable: ErrorWords
  /** What happened when one of the server's limits was reached, by its name. */
  readonly limits: Readonly<Record<LimitName, string>>
  /** By code. @param wait how long until a retry makes sense, in words, or null when nobody knows. */
  readonly errors: Readonly<Record<ChatErrorCode, (wait: string | null) => ErrorWords>>
}
