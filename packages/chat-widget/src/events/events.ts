import type { ChatError, ChatMessage, SessionInfo } from '@colloquy/chat-core'
import type { MessageFeedback } from '@colloquy/chat-core/protocol'

const OUTWARD: EventInit = { bubbles: true, composed: true }
/** Of what the page may keep from being done. */
const CANCELABLE: EventInit = { ...OUTWARD, cancelable: true }

/** The panel opens; `preventDefault()` keeps it closed. */
export class ChatOpenEvent extends Event {
  constructor() {
    super('chat-open', CANCELABLE)
  }
}

/** The panel closes; `preventDefault()` keeps it open. */
export class ChatCloseEvent extends Event {
  constructor() {
    super('chat-close', CANCELABLE)
  }
}

/**
 * A question is about to be sent. `detail.text` may be changed; `preventDefault()` keeps it from being sent, and what is
 * written stays where it is.
 */
export class ChatBeforeSendEvent extends Event {
  readonly detail: { text: string }

  constructor(text: string) {
    super('chat-before-send', CANCELABLE)
    this.detail = { text }
  }
}

/** What a reader thinks of an answer. */
export interface ChatFeedback {
  readonly messageId: string
  readonly rating: MessageFeedback['rating']
  readonly comment: string | null
}

/** A reader says what they think of an answer; `preventDefault()` keeps it from the server. */
export class ChatFeedbackEvent extends Event {
  constructor(readonly detail: ChatFeedback) {
    super('chat-feedback', CANCELABLE)
  }
}

/**
 * A question was sent, or an answer has ended (see `detail.status` for how). Not fired for history. `preventDefault()`: a visitor who looks
 * elsewhere is not told of the answer, by no number at the launcher, no title and no sound.
 */
export class ChatMessageEvent extends Event {
  constructor(readonly detail: ChatMessage) {
    super('chat-message', CANCELABLE)
  }
}

/** Something went wrong; `detail.code` says what. `preventDefault()`: the page says it, in place of the bar above the composer. */
export class ChatErrorEvent extends Event {
  constructor(readonly detail: ChatError) {
    super('chat-error', CANCELABLE)
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

/** What the page says in our place. */
export const toldByPage = new WeakSet<ChatError>()

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
