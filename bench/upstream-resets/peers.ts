import { seededRandom } from '@colloquy/chat-core/testing'
import { ANSWER } from '../../packages/chat-proxy/test/durability/upstream-resets.js'
import { CuttingServer } from '../../packages/chat-proxy/src/infrastructure/llm/testing/cutting-server.js'
import { drain, open } from '../proxy-cost/calls.js'
import { withPeer, type PeerKind, type PeerServer } from '../proxy-cost/peers.js'

const PEERS: readonly PeerKind[] = ['fetch', 'openai', 'ai', 'portkey']
const AT_ONCE = 16

/** What became of one peer's process, and of those who asked it. */
export interface PeerReset extends Pick<PeerServer, 'name'> {
  readonly exited: boolean
  readonly asked: number
  /** Who read neither the end of an answer nor an error. */
  readonly untold: number
}

/** The same provider behind servers of others, until each has seen so many resets. */
export async function resetPeers(resets: number, seed: number): Promise<readonly PeerReset[]> {
  const found: PeerReset[] = []
  for (const kind of PEERS) found.push(...(await resetPeer(kind, resets, seed)))
  return found
}

async function resetPeer(kind: PeerKind, resets: number, seed: number): Promise<readonly PeerReset[]> {
  const random = seededRandom(seed)
  const provider = await CuttingServer.open(ANSWER, () => ({
    at: Math.floor(random() * ANSWER.length),
    kind: 'reset',
  }))
  const upstream = { port: Number(new URL(provider.baseUrl).port) }
  try {
    return await withPeer(kind, upstream, (peer) =>
      resetsSeen(peer, () => provider.requests < resets && !peer.server.exited()),
    )
  } finally {
    await provider.close()
  }
}

/** Asks through the peer as long as it goes on. */
async function resetsSeen(peer: PeerServer, goesOn: () => boolean): Promise<PeerReset> {
  let [asked, untold] = [0, 0]
  const asker = async (): Promise<void> => {
    while (goesOn()) {
      asked += 1
      if (!(await isTold(peer))) untold += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  return { name: peer.name, exited: peer.server.exited(), asked, untold }
}

/** As of ours: a connection that breaks tells nothing. */
async function isTold({ server, call }: PeerServer): Promise<boolean> {
  try {
    const { text } = await drain(await open(server.port, call(true), false))
    return /\[DONE\]|"error"/.test(text)
  } catch (error) {
    return error instanceof Error && / answered \d+$/.test(error.message)
  }
}
