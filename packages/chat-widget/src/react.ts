/**
 * `<chat-widget>` as a React component: attributes and properties as props, events as `onChat…`, methods on the ref.
 * @module
 */
import { createComponent, type EventName } from '@lit/react'
import React from 'react'
import { ChatWidget as ChatWidgetElement } from './chat-widget/chat-widget.js'
import './define.js'
import type { ChatWidgetEventMap } from './events/events.js'

const on = <N extends keyof ChatWidgetEventMap>(name: N): EventName<ChatWidgetEventMap[N]> =>
  // A name with a type attached that exists for the compiler alone.
  name as unknown as EventName<ChatWidgetEventMap[N]>

/**
 * `<chat-widget>` for React 18 and later: attributes as properties, events as `onChat…`, methods by `ref`. Renders the empty
 * element on a server.
 */
export const ChatWidget = createComponent({
  tagName: 'chat-widget',
  elementClass: ChatWidgetElement,
  react: React,
  displayName: 'ChatWidget',
  events: {
    onChatOpen: on('chat-open'),
    onChatClose: on('chat-close'),
    onChatBeforeSend: on('chat-before-send'),
    onChatMessage: on('chat-message'),
    onChatFeedback: on('chat-feedback'),
    onChatError: on('chat-error'),
    onChatSession: on('chat-session'),
    onChatStorage: on('chat-storage'),
  },
})
