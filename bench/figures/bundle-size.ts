import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import type { Bench, Figure } from '../figure.js'

const CORE = `export { createChatClient } from '@colloquy/chat-core'`
const OUTBOX = `export { createOutbox } from '@colloquy/chat-core/outbox'`
const TABS = `export { createTabs } from '@colloquy/chat-core/tabs'`

/** What an app's visitors download, parser included: bundled, minified, gzipped. */
export const bundleSize: Bench = {
  name: 'Size of chat-core',
  run: async () => [
    await sizeOf('core, min+gzip, parser included', CORE, 8, '37.7 KiB (TanStack AI), 54.1 (AI SDK)'),
    await sizeOf('with outbox and tabs', [CORE, OUTBOX, TABS].join('\n'), 15, '–'),
  ],
}

async function sizeOf(name: string, contents: string, limit: number, today: string): Promise<Figure> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  const kibibytes = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1024
  return {
    name,
    today,
    target: `≤ ${limit} KiB`,
    measured: `${kibibytes.toFixed(2)} KiB`,
    met: kibibytes <= limit,
  }
}
