import type { Bench, Figure } from '../figure.js'
import { bundledSize, named } from '../peers/bundles.js'

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

/** What does the same elsewhere: a chat's state and its stream, without an interface. */
const PEERS: Readonly<Record<string, string>> = {
  '@tanstack/ai-client': `export { ChatClient, fetchServerSentEvents } from '@tanstack/ai-client'`,
  '@ai-sdk/react': `export { useChat } from '@ai-sdk/react'`,
  openai: `export { default } from 'openai'`,
}

/** What an app's visitors download, parser included: bundled, minified, gzipped. */
export const bundleSize: Bench = {
  name: 'Size of chat-core',
  async run() {
    const peers = Object.entries(PEERS).map(
      async ([name, contents]) => `${inKib(await bundledSize(contents))} (${named(name)})`,
    )
    const today = (await Promise.all(peers)).join(', ')
    return [
      figureOf('core, min+gzip, parser included', await bundledSize(CORE), 8, today),
      figureOf('with every part', await bundledSize([CORE, ...PARTS].join('\n')), 15, '–'),
    ]
  },
}

const inKib = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KiB`

const figureOf = (name: string, bytes: number, limit: number, today: string): Figure => ({
  name,
  today,
  target: `≤ ${limit} KiB`,
  measured: inKib(bytes),
  met: bytes <= limit * 1024,
})
