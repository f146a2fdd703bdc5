import type { PropertyValues } from '../rendering/reactive-controller.js'
import type { WidgetClient } from '../chat-widget/open-client.js'
import { capable, oneOf, text, type ChatMode, type ChatTheme } from './parse.js'

const TEXTS = [
  'proxy',
  'publishableKey',
  'heading',
  'placeholder',
  'label',
  'greeting',
  'imageHosts',
  'extras',
] as const

/** What a site may have got wrong: attributes say anything, and scripts are not always checked. */
interface Settings extends Record<(typeof TEXTS)[number], string> {
  mode: ChatMode
  theme: ChatTheme
  client: WidgetClient | null
}

/** Puts the default in the place of everything that makes no sense, and says so once in the console. */
export function checkSettings(settings: Settings & Element, changed: PropertyValues): void {
  // The loader's alone, which has no room for words.
  oneOf('preload', settings.getAttribute('preload'), ['none', 'idle'])
  if (changed.has('mode')) settings.mode = oneOf('mode', settings.mode, ['launcher', 'fullscreen', 'inline'])
  if (changed.has('theme')) settings.theme = oneOf('theme', settings.theme, ['auto', 'light', 'dark'])
  if (changed.has('client'))
    settings.client = capable('client', settings.client, ['getSnapshot', 'subscribe', 'start', 'history'])
  for (const name of TEXTS) if (changed.has(name)) settings[name] = text(name, settings[name])
}
