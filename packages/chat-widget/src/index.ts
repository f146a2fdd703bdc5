/**
 * Classes, events and types. Importing this registers nothing and touches no page: safe where there is no DOM.
 * @module
 */
export { ChatWidget } from './chat-widget/chat-widget.js'
export {
  ChatBeforeSendEvent,
  ChatCloseEvent,
  ChatErrorEvent,
  ChatFeedbackEvent,
  ChatMessageEvent,
  ChatOpenEvent,
  ChatSessionEvent,
  ChatStorageEvent,
  type ChatFeedback,
  type ChatWidgetEventMap,
} from './events/events.js'
export { createIndexedDbStorage } from './storage/indexeddb-storage.js'
export type { WidgetClient } from './chat-widget/open-client.js'
export type { FollowUps } from './controllers/follow-ups-controller.js'
export type { ChatMode, ChatTheme } from './settings/parse.js'
export type { OwnStrings } from './controllers/locale-controller.js'
export type { ChatStrings } from './locale/strings.js'
