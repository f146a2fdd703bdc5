import type { ChatError, ChatMessage, SessionInfo } from '@colloquy/chat-core'
import type { MessageFeedback } from '@colloquy/chat-core/protocol'

const OUTWARD: EventInit = { bubbles: true, composed: true }

/** The panel was opened. */
export class ChatOpenEvent extends Event {
  constructor() {
    super('chat-open', OUTWARD)
  }
}

/** The panel was closed. */
export class ChatCloseEvent extends Event {
  constructor() {
    super('chat-close', OUTWARD)
  }
}

/**
 * A question is about to be sent. `detail.text` may be changed; `preventDefault()` keeps it from being sent, and what is
 * written stays where it is.
 */
export class ChatBeforeSendEvent extends Event {
  readonly detail: { text: string }

  constructor(text: string) {
    super('chat-before-send', { ...OUTWARD, cancelable: true })
    this.detail = { text }
  }
}

/** What a reader thinks of an answer. */
export interface ChatFeedback {
  readonly messageId: string
  readonly rating: MessageFeedback['rating']
  readonly comment: string | null
}

/** The server has taken what a reader thinks of an answer. */
export class ChatFeedbackEvent extends Event {
  constructor(readonly detail: ChatFeedback) {
    super('chat-feedback', OUTWARD)
  }
}

/** A question was sent, or an answer has ended (see `detail.status` for how). Not fired for history. */
export class ChatMessageEvent extends Event {
  constructor(readonly detail: ChatMessage) {
    super('chat-message', OUTWARD)
  }
}

/** Something went wrong; `detail.code` says what. */
export class ChatErrorEvent extends Event {
  constructor(readonly detail: ChatError) {
    super('chat-error', OUTWARD)
  }
}

/** The session started: greeting, features (`detail.features.demo`) and limits are known. */
export class ChatSessionEvent extends Event {
  constructor(readonly detail: SessionInfo) {
    super('chat-session', OUTWARD)
  }
}

/** History cannot be kept in this browser (private window, full disk), and the chat goes on without; or broken records were removed from it. */
export class ChatStorageEvent extends Event {
  constructor(readonly detail: { readonly reason: unknown }) {
    super('chat-storage', OUTWARD)
  }
}

export interface ChatWidgetEventMap {
  'chat-open': ChatOpenEvent
  'chat-close': ChatCloseEvent
  'chat-before-send': ChatBeforeSendEvent
  'chat-feedback': ChatFeedbackEvent
  'chat-message': ChatMessageEvent
  'chat-error': ChatErrorEvent
  'chat-session': ChatSessionEvent
  'chat-storage': ChatStorageEvent
}
