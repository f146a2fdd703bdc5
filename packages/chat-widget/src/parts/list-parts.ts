import { ChatConversationList } from '../chat-conversation-list/chat-conversation-list.js'

export const parts = {
  'chat-widget-conversation-list': ChatConversationList,
}

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-conversation-list': ChatConversationList
  }
}
