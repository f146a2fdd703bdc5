import { en } from '../locale/en.js'
import type { ChatStrings } from '../locale/strings.js'
import { STRICT, type ContentPolicy } from '../settings/content-policy.js'

/** What the panel shows below its header. */
export type PanelView = 'messages' | 'conversations'

/** What the site chose for the panel. */
export interface PanelOptions {
  readonly heading: string
  readonly greeting: string
  readonly placeholder: string
  readonly closable: boolean
  readonly policy: ContentPolicy
  readonly strings: ChatStrings
}

export const DEFAULTS: PanelOptions = {
  heading: en.heading,
  greeting: '',
  placeholder: '',
  closable: true,
  policy: STRICT,
  strings: en,
}
