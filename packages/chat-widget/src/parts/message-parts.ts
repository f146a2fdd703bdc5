import { ChatMarkdown } from '../chat-markdown/chat-markdown.js'
import { ChatMessage } from '../chat-message/chat-message.js'

export const parts = {
  'chat-widget-markdown': ChatMarkdown,
  'chat-widget-message': ChatMessage,
}

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-markdown': ChatMarkdown
    'chat-widget-message': ChatMessage
  }
}
