import { median, scaled, spread, spreadOf, type Figure } from '../figure.js'
import { drain, open, question, type Call } from './calls.js'
import { inTurns, type Way } from './in-turns.js'
import type { PeerKind } from './peers.js'
import type { Measured } from './processes.js'
import { withServers, type Servers } from './servers.js'

const STREAMS = 256
const ROUNDS = 5
/** Fewer of those that need a core and more for it: the bench takes long enough. */
const PEER_ROUNDS: Readonly<Record<PeerKind, number>> = {
  nginx: ROUNDS,
  fetch: 3,
  portkey: 3,
  openai: 3,
  ai: 1,
}
/** Tokens of an answer, one every so many milliseconds. */
const TOKENS = 400
const INTERVAL_MS = 20
const PEERS: readonly PeerKind[] = ['nginx', 'fetch', 'portkey', 'openai', 'ai']

/** What a streamed token costs on its way through, beside nginx, which knows nothing of what it passes on, and others. */
export const costPerToken = (): Promise<Figure> =>
  withServers({ tokens: scaled(TOKENS), intervalMs: INTERVAL_MS }, PEERS, compare)

async function compare({ proxy, peers }: Servers): Promise<Figure> {
  const ways = new Map<string, Way>(
    peers.map(({ kind, name, server, call }) => [
      name,
      {
        rounds: PEER_ROUNDS[kind],
        measure: () => perToken(server, () => Promise.resolve(call(true))),
      },
    ]),
  )
  ways.set('ours', {
    rounds: ROUNDS,
    measure: () => perToken(proxy, () => question(proxy.port, 'text/event-stream')),
  })
  return figureOf(await inTurns(ways), peers.find(({ kind }) => kind === 'nginx')?.name ?? '')
}

function figureOf(found: ReadonlyMap<string, readonly number[]>, nginx: string): Figure {
  const [mine = [], plain = []] = [found.get('ours'), found.get(nginx)]
  const times = (rounds: readonly number[]): readonly number[] =>
    rounds.map((each, round) => each / (plain[round] ?? Number.NaN))
  const peers = [...found].filter(([name]) => name !== 'ours' && name !== nginx)
  const beside = peers.map(([name, rounds]) =>
    plain.length > 0 ? spreadOf(name, times(rounds), '×', 1) : spreadOf(name, rounds, 'µs', 1),
  )
  const shown = `${spread(mine, 'µs', 1)} against ${plain.length > 0 ? `${spread(plain, 'µs', 1)} of nginx` : 'no nginx here'}`
  return {
    name: `CPU per streamed token, ${STREAMS} streams, durable runs, limits and storage on`,
    today: beside.join(', ') || '–',
    target: '≤ 2.0 × nginx',
    measured: plain.length > 0 ? `${spread(times(mine), '×')}; ${shown}` : shown,
    met: median(times(mine)) <= 2,
  }
}

/** @returns microseconds of CPU per token, over streams that run side by side */
async function perToken(server: Measured, callOf: () => Promise<Call>): Promise<number> {
  const calls = await Promise.all(Array.from({ length: STREAMS }, callOf))
  const before = server.cpu()
  const answers = await Promise.all(calls.map(async (call) => drain(await open(server.port, call))))
  const used = server.cpu() - before
  for (const { text } of answers) {
    if (!text.includes('[DONE]')) throw new Error('A stream was cut; the figure would mean nothing.')
  }
  return used / (calls.length * scaled(TOKENS))
}
