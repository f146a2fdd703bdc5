import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import type { Bench, Figure } from '../figure.js'

const CORE = `export { createChatClient } from '@colloquy/chat-core'`
const PARTS = [
  `export { createHistory } from '@colloquy/chat-core/history'`,
  `export { createVersions } from '@colloquy/chat-core/versions'`,
  `export { createFeedback } from '@colloquy/chat-core/feedback'`,
  `export { createIdentity } from '@colloquy/chat-core/identity'`,
  `export { createPageContext } from '@colloquy/chat-core/page-context'`,
  `export { createOutbox } from '@colloquy/chat-core/outbox'`,
  `export { createTabs } from '@colloquy/chat-core/tabs'`,
  `export { createDirectTransport } from '@colloquy/chat-core/direct'`,
]

/** The peer that npm has here, in the version of the lockfile; React is there in any case. */
const AI_SDK = `export { useChat } from '@ai-sdk/react'`

/** What an app's visitors download, parser included: bundled, minified, gzipped. */
export const bundleSize: Bench = {
  name: 'Size of chat-core',
  async run() {
    const peers = `37.7 KiB (TanStack AI), ${inKib(await sizeOf(AI_SDK))} (AI SDK beside it)`
    return [
      figureOf('core, min+gzip, parser included', await sizeOf(CORE), 8, peers),
      figureOf('with every part', await sizeOf([CORE, ...PARTS].join('\n')), 15, '–'),
    ]
  },
}

const inKib = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KiB`

async function sizeOf(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['react'],
    write: false,
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

const figureOf = (name: string, bytes: number, limit: number, today: string): Figure => ({
  name,
  today,
  target: `≤ ${limit} KiB`,
  measured: inKib(bytes),
  met: bytes <= limit * 1024,
})
