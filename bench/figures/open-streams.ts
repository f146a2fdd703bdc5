import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { portOf, startScript, told, type Listening } from '../children.js'
import { median, repeated, scaled, spread, spreadOf, type Bench, type Figure } from '../figure.js'
import type { Ended, Opened, Wish } from '../open-streams/messages.js'
import type { Call } from '../proxy-cost/calls.js'
import { withPeer, type PeerKind, type PeerServer } from '../proxy-cost/peers.js'
import { startProxy, type Measured } from '../proxy-cost/processes.js'

const STREAMS = scaled(5_000)
/** What is in the log of each stream when the memory is looked at, at least: one word a second. */
const WORDS = scaled(100)
const MOST_BYTES = 40_000
/** They hold as many once, and not for as long: they keep nothing of what went by. */
const PEERS: readonly PeerKind[] = ['nginx', 'fetch', 'portkey']
const PEER_WORDS = scaled(20)

/** What a stream needs while it is open, and whether one process holds thousands of them. */
export const openStreams: Bench = {
  name: 'Many open streams',
  parts: ['nginx', 'SQLite'],
  async run() {
    const rounds = await repeated(holdOnce)
    const peers: HoldingPeer[] = []
    for (const kind of PEERS) peers.push(...(await holdByPeer(kind)))
    return figuresOf(rounds, peers)
  },
}

/** In processes of their own: memory that one round took is not given back before the next. */
async function holdOnce(): Promise<Held> {
  const { port, wish, close } = await startModel()
  const proxy = await startProxy({ port }, NO_LIMITS_ENV)
  try {
    return await hold(proxy, wish, { streams: STREAMS, words: WORDS, call: null })
  } finally {
    await proxy.stop()
    close()
  }
}

interface HoldingPeer extends Held, Pick<PeerServer, 'name'> {}

/** @returns nothing of a peer that is not installed */
async function holdByPeer(kind: PeerKind): Promise<readonly HoldingPeer[]> {
  const { port, wish, close } = await startModel()
  try {
    return await withPeer(kind, { port }, async ({ name, server, call }) => {
      const wanted = { streams: STREAMS, words: PEER_WORDS, call: call(true) }
      return { name, ...(await hold(server, wish, wanted)) }
    })
  } finally {
    close()
  }
}

async function startModel(): Promise<Listening & { wish(wish: Wish): void; close(): void }> {
  const upstream = startScript('open-streams/upstream.ts')
  return {
    port: await portOf(upstream),
    wish: (wish) => void upstream.send(wish),
    close: () => upstream.disconnect(),
  }
}

interface Held {
  readonly opened: number
  readonly refused: number
  readonly whole: number
  /** Of the process, for each stream; the most while all were open. */
  readonly bytes: number
}

interface Wanted {
  readonly streams: number
  /** How many seconds they are open, at a word a second. */
  readonly words: number
  /** `null`: a question of its own for each, as the proxy takes it. */
  readonly call: Call | null
}

async function hold(
  server: Measured,
  wish: (wish: Wish) => void,
  { streams, words, call }: Wanted,
): Promise<Held> {
  const before = server.memory()
  const readers = startScript('open-streams/readers.ts', [
    server.port,
    streams,
    ...(call ? [JSON.stringify(call)] : []),
  ])
  const ended = told<Ended>(readers, 'ended')
  const { count, refused } = await told<Opened>(readers, 'open')
  wish('talk')
  let most = 0
  for (let second = 0; second < words; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    most = Math.max(most, server.memory())
  }
  wish('end')
  const { whole } = await ended
  return { opened: count, refused, whole, bytes: (most - before) / streams }
}

function figuresOf(rounds: readonly Held[], peers: readonly HoldingPeer[]): readonly Figure[] {
  const all = STREAMS.toLocaleString('en')
  const memory = rounds.map(({ bytes }) => bytes / 1000)
  const sum = (of: (round: Held) => number): number => rounds.reduce((total, round) => total + of(round), 0)
  const [refused, cut] = [sum((one) => one.refused), sum(({ opened, whole }) => opened - whole)]
  return [
    {
      name: `Memory of the proxy per open stream, ${all} streams, ${WORDS} tokens in the log of each`,
      today: peers
        .map(({ name, bytes }) => spreadOf(`${name}, ${PEER_WORDS} tokens`, [bytes / 1000], 'kB', 1))
        .join(', '),
      target: '≤ 40 kB',
      measured: spread(memory, 'kB', 1),
      met: median(memory) <= MOST_BYTES / 1000,
    },
    {
      name: `Streams held by one process: not opened, opened and not told whole, ${rounds.length} times`,
      today: peers
        .map((peer) => `${peer.refused}, ${peer.opened - peer.whole} of ${all} (${peer.name})`)
        .join('; '),
      target: `0, 0 of ${all}`,
      measured: `${refused}, ${cut} of ${(rounds.length * STREAMS).toLocaleString('en')}`,
      met: refused === 0 && cut === 0,
    },
  ]
}
