import { ChatMessageEditor } from '../chat-message-editor/chat-message-editor.js'
import { ChatMessageTools } from '../chat-message-tools/chat-message-tools.js'

export const parts = {
  'chat-widget-message-editor': ChatMessageEditor,
  'chat-widget-message-tools': ChatMessageTools,
}

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-message-editor': ChatMessageEditor
    'chat-widget-message-tools': ChatMessageTools
  }
}
