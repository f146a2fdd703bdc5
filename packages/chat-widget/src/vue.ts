/**
 * Types of `<chat-widget>` in templates of Vue: `import type {} from '@colloquy/chat-widget/vue'`.
 * @module
 */
import type { DefineComponent } from 'vue'
import type { ChatWidgetAttributes } from './widget-attributes.js'

declare module 'vue' {
  interface GlobalComponents {
    'chat-widget': DefineComponent<ChatWidgetAttributes>
  }
}
