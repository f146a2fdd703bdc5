import { basename } from 'node:path'
import express, { type RequestHandler, type Response } from 'express'
import { gzippedScripts } from './gzipped-scripts.js'

/** A chunk's name ends in a digest of its content, so it can be kept for ever. A word, such as `-markdown`, is none. */
const HASHED = /-(?=[\w-]*[A-Z0-9])[\w-]{8}\.js$/
const A_YEAR = 'public, max-age=31536000, immutable'
const FIVE_MINUTES = 'public, max-age=300'

/**
 * The widget's script and its chunks, for pages of every origin: modules are fetched with CORS. Compressed for whoever takes gzip, kept by
 * browsers for as long as they stay the same.
 *
 * @param folder dist/cdn of @colloquy/chat-widget
 * @example
 * app.use('/widget', widgetFiles(dirname(fileURLToPath(import.meta.resolve('@colloquy/chat-widget/widget.js')))))
 */
export const widgetFiles = (folder: string): RequestHandler[] => [
  gzippedScripts(folder, setHeaders),
  express.static(folder, { index: false, redirect: false, cacheControl: false, setHeaders }),
]

function setHeaders(response: Response, path: string): void {
  response.set({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': HASHED.test(basename(path)) ? A_YEAR : FIVE_MINUTES,
  })
}
