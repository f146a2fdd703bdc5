import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { nextFrom, portOf, startScript, told } from '../children.js'
import { fixed, median, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'
import { completion, type Call } from '../proxy-cost/calls.js'
import { nameOf } from '../proxy-cost/peers.js'
import { forkPeerServer } from '../proxy-cost/processes.js'
import type { Ended, Finished, Held } from '../slow-reader/messages.js'

const READERS = 32
const WORDS = scaled(20_000)
const MOST_BYTES = 256 * 1024
/** A model that is not done by then waits for its readers. */
const PATIENCE_MS = 10_000 + WORDS * 4
type PeerWay = 'fetch' | 'openai'
const PEERS: readonly PeerWay[] = ['fetch', 'openai']
/** Fewer, and once: they would need more than a core for as many. */
const PEER_READERS = 8
/** How much later than behind quick readers the model may have said everything. */
const MOST_DELAY = 0.05

/** What clients that do not read cost the proxy, and the model that answers them. */
export const slowReader: Bench = {
  name: 'Slow readers behind a fast model',
  parts: ['SQLite'],
  async run() {
    const model = startScript('slow-reader/model.ts', [WORDS])
    try {
      const port = await portOf(model)
      const rounds = await behindProxy(model, port)
      const peers: Peer[] = []
      for (const way of PEERS) peers.push(await behindPeer(model, port, way))
      return figuresOf(rounds, peers)
    } finally {
      model.disconnect()
    }
  },
}

async function behindProxy(model: ChildProcess, modelPort: number): Promise<readonly Both[]> {
  const server = startScript('slow-reader/proxy.ts', [modelPort], ['--expose-gc'])
  try {
    const at = { model, server, port: await portOf(server), readers: READERS, call: null }
    await round(at, 'quick')
    return await repeated(() => bothRounds(at))
  } finally {
    await ended(server)
  }
}

async function behindPeer(model: ChildProcess, modelPort: number, way: PeerWay): Promise<Peer> {
  const options = ['--expose-gc', '--import', join(import.meta.dirname, '../slow-reader/tell-memory.ts')]
  const { child: server, port } = await forkPeerServer(way, { port: modelPort }, options)
  try {
    const at = { model, server, port, readers: PEER_READERS, call: completion(true) }
    return { name: nameOf(way), ...(await bothRounds(at)) }
  } finally {
    await ended(server)
  }
}

async function ended(server: ChildProcess): Promise<void> {
  server.disconnect()
  await once(server, 'exit')
}

const bothRounds = async (at: Place): Promise<Both> => ({
  quick: await round(at, 'quick'),
  slow: await round(at, 'slow'),
})

interface Both {
  readonly quick: Round
  readonly slow: Round
}

interface Peer extends Both {
  readonly name: string
}

interface Round {
  /** What is held for each reader more than before the round, its log included, when the model has said everything. */
  readonly bytes: number
  /** How long the slowest answer took the model; infinite where it could not end before its readers went on. */
  readonly ms: number
  readonly whole: number
}

interface Place {
  readonly model: ChildProcess
  readonly server: ChildProcess
  readonly port: number
  readonly readers: number
  /** `null`: a question of its own for each reader, as the proxy takes it. */
  readonly call: Call | null
}

async function round(at: Place, kind: 'quick' | 'slow'): Promise<Round> {
  const { model, server, port, call } = at
  const before = await heldBy(server)
  const args = [port, at.readers, WORDS, kind, ...(call ? [JSON.stringify(call)] : [])]
  const readers = startScript('slow-reader/readers.ts', args)
  const end = told<Ended>(readers, 'ended')
  const ms = await slowest(model, at.readers)
  // The last words are on their way.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const held = await heldBy(server)
  if (kind === 'slow') readers.send('go on')
  const { whole } = await end
  return { bytes: (held - before) / at.readers, ms, whole }
}

/** @returns how long the slowest of so many answers took the model */
function slowest(model: ChildProcess, answers: number): Promise<number> {
  const times: number[] = []
  return new Promise((resolve) => {
    const done = (ms: number): void => {
      clearTimeout(timer)
      model.off('message', note)
      resolve(ms)
    }
    const note = ({ ms }: Finished): void => {
      times.push(ms)
      if (times.length === answers) done(Math.max(...times))
    }
    const timer = setTimeout(() => done(Infinity), PATIENCE_MS)
    model.on('message', note)
  })
}

async function heldBy(server: ChildProcess): Promise<number> {
  const answer = nextFrom<Held>(server)
  server.send('how much?')
  return (await answer).bytes
}

function figuresOf(rounds: readonly Both[], peers: readonly Peer[]): readonly Figure[] {
  const delayOf = ({ quick, slow }: Both): number => (slow.ms / quick.ms - 1) * 100
  const held = rounds.map(({ quick, slow }) => (slow.bytes - quick.bytes) / 1024)
  const delay = rounds.map(delayOf)
  const beside = (tell: (peer: Peer) => string): string =>
    peers.map((peer) => `${tell(peer)} (${peer.name}: ${PEER_READERS} answers once)`).join(', ')
  const each = (kind: 'quick' | 'slow', of: (round: Round) => number, unit: string, digits: number): string =>
    spread(
      rounds.map((one) => of(one[kind])),
      unit,
      digits,
    )
  const kiB = (kind: 'quick' | 'slow'): string => each(kind, ({ bytes }) => bytes / 1024, 'KiB', 0)
  const seconds = (kind: 'quick' | 'slow'): string => each(kind, ({ ms }) => ms / 1000, 's', 1)
  const missed = rounds.reduce((sum, { slow }) => sum + READERS - slow.whole, 0)
  const answers = `${READERS} answers of ${WORDS.toLocaleString('en')} tokens`
  return [
    {
      name: `Held for a reader that does not read, beyond the log that its run has anyway, ${answers}; with the log; the same behind a quick reader`,
      // They keep no log; their quick round has warmed them up.
      today: beside(({ slow }) => `${(slow.bytes / 1024).toFixed(0)} KiB`),
      target: '≤ 256 KiB',
      measured: `${spread(held, 'KiB', 0)}; ${kiB('slow')}; ${kiB('quick')}`,
      met: median(held) <= MOST_BYTES / 1024,
    },
    {
      name: 'How much longer the model needs behind slow readers; its slowest answer there, and behind quick ones',
      today: beside((peer) => {
        const longer = delayOf(peer)
        return longer === Infinity ? 'as long as they read nothing' : `${fixed(longer, 1)} %`
      }),
      target: `≤ ${MOST_DELAY * 100} %`,
      measured: `${spread(delay, '%', 1)}; ${seconds('slow')}; ${seconds('quick')}`,
      met: median(delay) <= MOST_DELAY * 100,
    },
    {
      name: 'Slow readers that go on and miss something of their answer',
      today: beside(({ slow }) => `${PEER_READERS - slow.whole}`),
      target: '0',
      measured: `${missed} of ${rounds.length * READERS}`,
      met: missed === 0,
    },
  ]
}
