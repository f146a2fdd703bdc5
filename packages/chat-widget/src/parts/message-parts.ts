import { ChatFeedbackForm } from '../chat-feedback-form/chat-feedback-form.js'
import { ChatMarkdown } from '../chat-markdown/chat-markdown.js'
import { ChatMessage } from '../chat-message/chat-message.js'
import { ChatMessageEditor } from '../chat-message-editor/chat-message-editor.js'
import { ChatMessageTools } from '../chat-message-tools/chat-message-tools.js'

export const parts = {
  'chat-widget-markdown': ChatMarkdown,
  'chat-widget-message': ChatMessage,
  'chat-widget-feedback-form': ChatFeedbackForm,
  'chat-widget-message-editor': ChatMessageEditor,
  'chat-widget-message-tools': ChatMessageTools,
}

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-markdown': ChatMarkdown
    'chat-widget-message': ChatMessage
    'chat-widget-feedback-form': ChatFeedbackForm
    'chat-widget-message-editor': ChatMessageEditor
    'chat-widget-message-tools': ChatMessageTools
  }
}
