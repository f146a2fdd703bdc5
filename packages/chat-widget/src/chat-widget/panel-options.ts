import type { PanelOptions } from '../chat-panel/options.js'
import type { ChatStrings } from '../locale/strings.js'
import type { ContentPolicy } from '../settings/content-policy.js'
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

/** @param policy where it is the same as before: answers are shown anew with another one */
export const panelOptions = (
  settings: Settings,
  strings: ChatStrings,
  policy: ContentPolicy = {
    allowHtml: settings.allowHtml,
    imageHosts: parseHosts(settings.imageHosts),
    extras: parseExtras(settings.extras),
  },
): PanelOptions => ({
  heading: settings.heading || strings.heading,
  greeting: settings.greeting,
  placeholder: settings.placeholder,
  closable: settings.mode !== 'inline',
  policy,
  strings,
})
