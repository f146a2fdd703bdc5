import { versionsOf } from '../parts.js'
import { named } from '../peers/bundles.js'
import { completion, type Call } from './calls.js'
import { startNginx, startPeerServer, startPortkey, type Measured } from './processes.js'

/** Servers that pass on what a model says: of Node the last three in an Express application. */
export type PeerKind = 'nginx' | 'portkey' | 'fetch' | 'openai' | 'ai'

export interface PeerServer {
  readonly kind: PeerKind
  /** With its version. */
  readonly name: string
  readonly server: Measured
  call(stream: boolean): Call
}

/** @returns null for one that is not installed */
export async function startPeer(
  kind: PeerKind,
  upstream: Pick<Measured, 'port'>,
): Promise<PeerServer | null> {
  if (kind === 'nginx') {
    const server = await startNginx(upstream)
    return server && { kind, name: (await versionsOf(['nginx']))[0] ?? 'nginx', server, call: completion }
  }
  if (kind === 'portkey') {
    const server = await startPortkey()
    return { kind, name: named('@portkey-ai/gateway'), server, call: throughPortkey(upstream) }
  }
  const server = await startPeerServer(kind, upstream)
  return { kind, name: nameOf(kind), server, call: kind === 'ai' ? chatOfAiSdk : completion }
}

/**
 * Has a peer for as long as `use` takes.
 * @returns what `use` does, and nothing of a peer that is not installed
 */
export async function withPeer<T>(
  kind: PeerKind,
  upstream: Pick<Measured, 'port'>,
  use: (peer: PeerServer) => Promise<T>,
): Promise<readonly T[]> {
  const peer = await startPeer(kind, upstream)
  if (!peer) return []
  try {
    return [await use(peer)]
  } finally {
    await peer.server.stop()
  }
}

/** A peer of ours in front of a package, with the versions of both. */
export const nameOf = (kind: keyof typeof NAMES): string => NAMES[kind]()

const NAMES = {
  fetch: () => `fetch in ${named('express')}`,
  openai: () => `${named('openai')} in express`,
  ai: () => `${named('ai')} in express`,
}

/** Where to pass the call on to stands in it. */
const throughPortkey =
  (upstream: Pick<Measured, 'port'>) =>
  (stream: boolean): Call => {
    const call = completion(stream)
    const provider = {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstream.port}/v1`,
    }
    return { ...call, headers: { ...call.headers, ...provider } }
  }

/** What `useChat` sends. */
function chatOfAiSdk(): Call {
  const parts = [{ type: 'text', text: 'Say something.' }]
  return { ...completion(true), body: JSON.stringify({ messages: [{ id: 'm_1', role: 'user', parts }] }) }
}
