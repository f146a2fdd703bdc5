import { ChatFeedbackForm } from '../chat-feedback-form/chat-feedback-form.js'
import { ChatMessageEditor } from '../chat-message-editor/chat-message-editor.js'
import { ChatMessageTools } from '../chat-message-tools/chat-message-tools.js'

export const parts = {
  'chat-widget-feedback-form': ChatFeedbackForm,
  'chat-widget-message-editor': ChatMessageEditor,
  'chat-widget-message-tools': ChatMessageTools,
}

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-feedback-form': ChatFeedbackForm
    'chat-widget-message-editor': ChatMessageEditor
    'chat-widget-message-tools': ChatMessageTools
  }
}
