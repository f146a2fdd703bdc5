import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Bench, Figure } from '../figure.js'
import { bundledSize, named } from '../peers/bundles.js'

const CDN = join(import.meta.dirname, '../../packages/chat-widget/dist/cdn')
const LOADER = ['widget']
/** The composer, and history out of the browser's own database. The client that talks to the server comes behind it. */
const FIRST_OPEN = ['chat-widget']
/** The buttons below a message come behind it. */
const ANSWER = [...FIRST_OPEN, 'chat-widget-open-client', 'chat-widget-message-parts']
const WITH_HTML = [...ANSWER, 'chat-widget-purify.es', 'chat-widget-load-html']

/** Fetched with the first code of an answer; each language comes with its own. */
const COLOURS = ['chat-widget-rich-code']
/** What finds formulas comes with the code for Markdown, the library that reads TeX with the first formula. */
const MATH = ['chat-widget-math', 'chat-widget-math-nodes']

/** Chats for a page, which come whole with the first opening; the last one renders Markdown, and is no chat yet. */
const PEERS: Readonly<Record<string, string>> = {
  '@nlux/core': `export { createAiChat } from '@nlux/core'`,
  'deep-chat': `import 'deep-chat'`,
  streamdown: `export { Streamdown } from 'streamdown'`,
}

/** What a page's visitors download of the widget, gzipped, in units of 1,000 bytes. */
export const widgetSize: Bench = {
  name: 'Size of the widget',
  async run() {
    const peers = Object.entries(PEERS).map(
      async ([name, contents]) => `${inKb(await bundledSize(contents))} (${named(name)})`,
    )
    const today = (await Promise.all(peers)).join(', ')
    return [
      sizeOf('loader', LOADER, 1.5, '–'),
      sizeOf('first open, composer and cached history usable', FIRST_OPEN, 24, today),
      sizeOf('everything for a streamed Markdown answer', ANSWER, 40, today),
      sizeOf('the same with the sanitiser, where a site allows HTML', WITH_HTML, 50, '–'),
      sizeOf('colours of code beside it, where a site asks for them', COLOURS, 10, '–', ANSWER),
      sizeOf('math beside it, where a site asks for it', MATH, 65, '–', ANSWER),
    ]
  },
}

const inKb = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB`

function sizeOf(
  name: string,
  chunks: readonly string[],
  limit: number,
  today: string,
  there: readonly string[] = [],
): Figure {
  const known = withImports(there.map(fileOf))
  const bytes = [...withImports(chunks.map(fileOf))]
    .filter((file) => !known.has(file))
    .map((file) => gzipSync(readFileSync(join(CDN, file)), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0)
  return {
    name,
    today,
    target: `≤ ${limit} kB`,
    measured: inKb(bytes),
    met: bytes <= limit * 1000,
  }
}

/** The file of a chunk: its name, with the hash that the build appends. */
function fileOf(chunk: string): string {
  const isIt = (file: string): boolean =>
    file.startsWith(chunk) && /^(-[\w-]{8})?\.js$/.test(file.slice(chunk.length))
  const file = readdirSync(CDN).find(isIt)
  if (!file) throw new Error(`There is no chunk ${chunk} in dist/cdn.`)
  return file
}

/** The files, and those that they cannot run without. */
function withImports(files: readonly string[], found = new Set<string>()): Set<string> {
  for (const file of files.filter((each) => !found.has(each))) {
    found.add(file)
    const code = readFileSync(join(CDN, file), 'utf8')
    withImports(
      Array.from(code.matchAll(/(?:from|import)"\.\/([^"]+)"/g), ([, imported = '']) => imported),
      found,
    )
  }
  return found
}
