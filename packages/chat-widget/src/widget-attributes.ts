import type { ChatMode, ChatTheme } from './settings/parse.js'

/** What `<chat-widget>` takes in markup, for template languages that check it. Everything is optional. */
export interface ChatWidgetAttributes {
  proxy?: string
  'publishable-key'?: string
  open?: boolean
  mode?: ChatMode
  theme?: ChatTheme
  heading?: string
  placeholder?: string
  label?: string
  greeting?: string
  'allow-html'?: boolean
  'image-hosts'?: string
  extras?: string
  'notify-title'?: boolean
  'notify-sound'?: boolean
  /** For the loader: `idle` fetches the widget in a quiet moment. */
  preload?: 'none' | 'idle'
}
