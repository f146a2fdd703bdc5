import type { ChatExtra } from './parse.js'

/** What the site decided about the content of answers. */
export interface ContentPolicy {
  readonly allowHtml: boolean
  /** Hosts whose https images are shown. */
  readonly imageHosts: ReadonlySet<string>
  readonly extras: ReadonlySet<ChatExtra>
}

/** Of a site that said nothing. */
export const STRICT: ContentPolicy = { allowHtml: false, imageHosts: new Set(), extras: new Set() }
