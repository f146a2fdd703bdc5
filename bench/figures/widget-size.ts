import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Bench, Figure } from '../figure.js'

const CDN = join(import.meta.dirname, '../../packages/chat-widget/dist/cdn')
const LOADER = /^widget\.js$/
const FIRST_OPEN = /^chat-widget\.js$/
const ANSWER = /^chat-widget(-rich-text|-message-parts|-tool-icons)?(-[\w-]{8})?\.js$/
const WITH_HTML =
  /^chat-widget(-rich-text|-message-parts|-tool-icons|-purify\.es|-sanitizer)?(-[\w-]{8})?\.js$/

/** What a page's visitors download of the widget, gzipped, in units of 1,000 bytes. */
export const widgetSize: Bench = {
  name: 'Size of the widget',
  run: () =>
    Promise.resolve([
      sizeOf('loader', LOADER, 1.5, '130–500 kB after an Intercom-style stub'),
      sizeOf('first open, composer and cached history usable', FIRST_OPEN, 24, 'NLUX 51 kB, deep-chat 111'),
      sizeOf('everything for a streamed Markdown answer', ANSWER, 40, 'the same'),
      sizeOf('the same with the sanitiser, where a site allows HTML', WITH_HTML, 50, '–'),
    ]),
}

function sizeOf(name: string, files: RegExp, limit: number, today: string): Figure {
  const bytes = readdirSync(CDN)
    .filter((file) => files.test(file))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(CDN, file)), { level: 9 }).length, 0)
  return {
    name,
    today,
    target: `≤ ${limit} kB`,
    measured: `${(bytes / 1000).toFixed(2)} kB`,
    met: bytes > 0 && bytes <= limit * 1000,
  }
}
