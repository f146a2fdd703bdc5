import { median, scaled, spread, spreadOf, type Figure } from '../figure.js'
import { completion, open, question, type Call } from './calls.js'
import { inTurns, type Way } from './in-turns.js'
import type { PeerKind } from './peers.js'
import type { Measured } from './processes.js'
import { withServers, type Servers } from './servers.js'

const CALLS = 200
const ROUNDS = 5
/** Answers that are soon over, because the next call is made after them. */
const TOKENS = 3
const INTERVAL_MS = 1
const PEERS: readonly PeerKind[] = ['nginx', 'fetch', 'openai', 'ai', 'portkey']

/** How much later the first word is there than straight from the endpoint; one call at a time. */
export const firstTokenAdded = (): Promise<readonly Figure[]> =>
  withServers({ tokens: TOKENS, intervalMs: INTERVAL_MS }, PEERS, compare)

async function compare({ upstream, peers, proxy }: Servers): Promise<readonly Figure[]> {
  const { headers } = await question(proxy.port, 'text/event-stream')
  const completions = { ...completion(true), headers: { authorization: headers['authorization'] ?? '' } }
  const way = ({ port }: Measured, callOf: () => Call | Promise<Call>): Way => ({
    rounds: ROUNDS,
    measure: () => firstWord(port, callOf),
  })
  const found = await inTurns(
    new Map([
      ['direct', way(upstream, () => completion(true))],
      ['completion', way(proxy, () => completions)],
      ['run', way(proxy, () => question(proxy.port, 'text/event-stream'))],
      ...peers.map(({ name, server, call }): [string, Way] => [name, way(server, () => call(true))]),
    ]),
  )
  const direct = found.get('direct') ?? []
  const added = (name: string): readonly number[] =>
    (found.get(name) ?? []).map((each, round) => each - (direct[round] ?? Number.NaN))
  const today = peers.map(({ name }) => spreadOf(name, added(name), 'ms')).join(', ')
  return [
    figureOf('/v1/chat/completions, with identity and limits', today, added('completion')),
    figureOf('a durable run, on the disk before it begins', today, added('run')),
  ]
}

const figureOf = (name: string, today: string, added: readonly number[]): Figure => ({
  name: `First token added, one at a time, p50: ${name}`,
  today,
  target: '≤ 0.7 ms',
  measured: spread(added, 'ms'),
  met: median(added) <= 0.7,
})

/** @returns milliseconds from the request to the first word, the median */
async function firstWord(port: number, callOf: () => Call | Promise<Call>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < scaled(CALLS); i += 1) {
    const call = await callOf()
    const began = performance.now()
    const response = await open(port, call)
    let took: number | null = null
    for await (const chunk of response) {
      if (took === null && String(chunk).includes(' word')) took = performance.now() - began
    }
    if (took === null) throw new Error('An answer had no word; the figure would mean nothing.')
    times.push(took)
  }
  return median(times)
}
