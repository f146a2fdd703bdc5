import { createHash } from 'node:crypto'
import type { Markup } from './markup.js'

/** What a page of ours may do: show itself in its own look, and be followed from. No script, no request. @param style the whole text of its one `<style>` */
export const pagePolicy = (style: Markup): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style.text).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
