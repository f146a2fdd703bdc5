import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import type { Bench, Figure } from '../figure.js'

const CORE = `export { createChatClient } from '@colloquy/chat-core'`
const PARTS = [
  `export { createHistory } from '@colloquy/chat-core/history'`,
  `export { createVersions } from '@colloquy/chat-core/versions'`,
  `export { createOutbox } from '@colloquy/chat-core/outbox'`,
  `export { createTabs } from '@colloquy/chat-core/tabs'`,
  `export { createDirectTransport } from '@colloquy/chat-core/direct'`,
]

/** What an app's visitors download, parser included: bundled, minified, gzipped. */
export const bundleSize: Bench = {
  name: 'Size of chat-core',
  run: async () => [
    await sizeOf('core, min+gzip, parser included', CORE, 8, '37.7 KiB (TanStack AI), 54.1 (AI SDK)'),
    await sizeOf('with every part', [CORE, ...PARTS].join('\n'), 15, '–'),
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
  const bytes = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
  return {
    name,
    today,
    target: `≤ ${limit} KiB`,
    measured: `${(bytes / 1024).toFixed(2)} KiB`,
    met: bytes <= limit * 1024,
  }
}
