import { FAR_LIMITS_ENV } from '../far-limits.js'
import { startPeer, type PeerKind, type PeerServer } from './peers.js'
import { startProxy, startUpstream, type Measured } from './processes.js'

/** What stands between a client and the same endpoint. */
export interface Servers {
  readonly upstream: Measured
  readonly proxy: Measured
  /** Those of the wanted that are installed. */
  readonly peers: readonly PeerServer[]
}

/** Starts an endpoint, the proxy and peers in front of it, each a process of its own, and stops them when the task is done. */
export async function withServers<T>(
  { tokens, intervalMs }: { readonly tokens: number; readonly intervalMs: number },
  kinds: readonly PeerKind[],
  task: (servers: Servers) => Promise<T>,
): Promise<T> {
  const started: Measured[] = []
  const start = async (starting: Promise<Measured>): Promise<Measured> => {
    const server = await starting
    started.unshift(server)
    return server
  }
  try {
    const upstream = await start(startUpstream(tokens, intervalMs))
    const proxy = await start(startProxy(upstream, FAR_LIMITS_ENV))
    const peers: PeerServer[] = []
    for (const kind of kinds) {
      const peer = await startPeer(kind, upstream)
      if (!peer) continue
      started.unshift(peer.server)
      peers.push(peer)
    }
    return await task({ upstream, proxy, peers })
  } finally {
    for (const server of started) await server.stop()
  }
}
