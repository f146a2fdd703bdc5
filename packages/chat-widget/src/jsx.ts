/**
 * Types of `<chat-widget>` in JSX: `import type {} from '@colloquy/chat-widget/jsx'`. With React, prefer its own wrapper.
 * @module
 */
import type * as React from 'react'
import type { ChatWidget } from './chat-widget/chat-widget.js'
import type { ChatWidgetAttributes } from './widget-attributes.js'

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': React.DetailedHTMLProps<React.HTMLAttributes<ChatWidget>, ChatWidget> &
        ChatWidgetAttributes
    }
  }
}
