import type { ChatFeedback } from '../events/events.js'

/** What a part of the widget may ask for, with what it must say. `<chat-widget>` alone decides and acts. */
export interface ChatRequests {
  /** Send this question. */
  send: { readonly text: string }
  /** What is written, and not sent yet, is now this. */
  draft: { readonly text: string }
  /** Send what is written. The text goes from the composer when it is on its way. */
  'send-draft': { readonly text: string }
  /** Stop the answer under way. */
  stop: null
  /** Ask the question of this answer again. */
  retry: { readonly messageId: string }
  /** Answer the question of this answer once more, beside it. */
  regenerate: { readonly messageId: string }
  /** Ask `text` in place of this question, beside it. */
  edit: { readonly messageId: string; readonly text: string }
  /** Show another version of a message: the next (1) or the previous (-1) one. */
  'select-version': { readonly messageId: string; readonly step: 1 | -1 }
  /** Call an answer good or bad; `comment` is a word on why, or null. */
  feedback: ChatFeedback
  /** Try again to reach the server. */
  reconnect: null
  /** Fetch the messages before the first that is here. */
  'older-messages': null
  'new-conversation': null
  'open-conversation': { readonly id: string }
  'delete-conversation': { readonly id: string }
  'rename-conversation': { readonly id: string; readonly title: string }
  /** Look for conversations that have these words. */
  'search-conversations': { readonly query: string }
  /** Do what the notice offers. */
  'act-on-notice': null
  /** Keep the notice, or let it go after a while. */
  'hold-notice': { readonly held: boolean }
  /** Show the list of conversations in place of the messages. */
  'show-conversations': null
  'show-messages': null
  /** Open or close the panel. */
  toggle: null
  close: null
}

export type ChatRequestName = keyof ChatRequests

/** One function for each request, by name. */
export type ChatRequestHandlers = { readonly [N in ChatRequestName]: (detail: ChatRequests[N]) => void }

/** Goes up from a part to `<chat-widget>` and no further. */
export class ChatRequestEvent<N extends ChatRequestName = ChatRequestName> extends Event {
  static readonly type = 'chat-widget-request'

  constructor(
    readonly name: N,
    readonly detail: ChatRequests[N],
  ) {
    super(ChatRequestEvent.type, { bubbles: true, composed: true })
  }
}

/** Sends a request up from `part`. */
export function request<N extends ChatRequestName>(
  part: EventTarget,
  name: N,
  detail: ChatRequests[N],
): void {
  part.dispatchEvent(new ChatRequestEvent(name, detail))
}

/** Calls the handler that a request names. */
export function handleRequest<N extends ChatRequestName>(
  handlers: ChatRequestHandlers,
  event: ChatRequestEvent<N>,
): void {
  const handler: (detail: ChatRequests[N]) => void = handlers[event.name]
  handler(event.detail)
}

/** True for the request of that name. */
export const isRequest = <N extends ChatRequestName>(event: Event, name: N): event is ChatRequestEvent<N> =>
  event instanceof ChatRequestEvent && event.name === name
