import type { PanelOptions } from '../chat-panel/options.js'
import type { ChatStrings } from '../locale/strings.js'
import { parseExtras, parseHosts, type ChatMode } from '../settings/parse.js'

/** What the site says about the panel, as it stands on the element. */
interface Settings {
  readonly heading: string
  readonly greeting: string
  readonly placeholder: string
  readonly mode: ChatMode
  readonly allowHtml: boolean
  readonly imageHosts: string
  readonly extras: string
}

/** The settings that shape the panel. */
export const SHAPING = [
  'heading',
  'greeting',
  'placeholder',
  'allowHtml',
  'imageHosts',
  'extras',
  'mode',
] as const

export const panelOptions = (settings: Settings, strings: ChatStrings): PanelOptions => ({
  heading: settings.heading || strings.heading,
  greeting: settings.greeting,
  placeholder: settings.placeholder,
  closable: settings.mode !== 'inline',
  policy: {
    allowHtml: settings.allowHtml,
    imageHosts: parseHosts(settings.imageHosts),
    extras: parseExtras(settings.extras),
  },
  strings,
})
