import { median, scaled, spread, spreadOf, type Figure } from '../figure.js'
import { drain, open, question, type Call } from './calls.js'
import { inTurns, type Way } from './in-turns.js'
import type { PeerKind } from './peers.js'
import type { Measured } from './processes.js'
import { withServers, type Servers } from './servers.js'

const ANSWERS = 500
const AT_ONCE = 16
const ROUNDS = 5
/** A short answer: what is measured is the call, and not how long it is. */
const TOKENS = 20
const INTERVAL_MS = 1
const PEERS: readonly PeerKind[] = ['portkey', 'fetch', 'openai']

/** What an answer in one piece costs. Of the endpoint, a run streams it all the same, and peers ask for it in one piece. */
export const costPerWholeAnswer = (): Promise<Figure> =>
  withServers({ tokens: TOKENS, intervalMs: INTERVAL_MS }, PEERS, compare)

async function compare({ proxy, peers }: Servers): Promise<Figure> {
  const ways = new Map<PeerKind | 'ours', Way>(
    peers.map(({ kind, server, call }) => [
      kind,
      { rounds: ROUNDS, measure: () => perAnswer(server, () => Promise.resolve(call(false))) },
    ]),
  )
  ways.set('ours', {
    rounds: ROUNDS,
    measure: () => perAnswer(proxy, () => question(proxy.port, 'application/json')),
  })
  const found = await inTurns(ways)
  const [mine = [], portkey = []] = [found.get('ours'), found.get('portkey')]
  const times = (rounds: readonly number[]): readonly number[] =>
    rounds.map((each, round) => each / (portkey[round] ?? Number.NaN))
  const others = peers.filter(({ kind }) => kind !== 'portkey')
  return {
    name: 'CPU per answer in one piece, with identity, limits and storage, against Portkey with none',
    today: others.map(({ kind, name }) => spreadOf(name, times(found.get(kind) ?? []), '×')).join(', '),
    target: '≤ 0.25 × Portkey',
    measured: `${spread(times(mine), '×')}; ${spread(mine, 'µs', 0)} against ${spread(portkey, 'µs', 0)} of ${nameOf(peers, 'portkey')}`,
    met: median(times(mine)) <= 0.25,
  }
}

const nameOf = (peers: Servers['peers'], wanted: PeerKind): string =>
  peers.find(({ kind }) => kind === wanted)?.name ?? ''

/** @returns microseconds of CPU per answer */
async function perAnswer(server: Measured, callOf: () => Promise<Call>): Promise<number> {
  const calls: Call[] = []
  for (let i = 0; i < scaled(ANSWERS); i += 1) calls.push(await callOf())
  const before = server.cpu()
  const waiting = [...calls]
  const work = async (): Promise<void> => {
    for (let call = waiting.pop(); call; call = waiting.pop()) {
      const { text } = await drain(await open(server.port, call))
      if (!text.includes(' word word'))
        throw new Error('An answer is not whole; the figure would mean nothing.')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return (server.cpu() - before) / calls.length
}
