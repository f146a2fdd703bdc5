import { median, scaled, spread, type Figure } from '../figure.js'
import { completion, drain, open, question, type Call } from './calls.js'
import { TOKENS, type Servers } from './servers.js'
import type { Measured } from './processes.js'

const STREAMS = 256
const ROUNDS = 5

/** What a streamed token costs on its way through, beside nginx, which knows nothing of what it passes on. */
export async function costPerToken({ nginx, proxy }: Servers): Promise<Figure> {
  const plain: number[] = []
  const ours: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (nginx) plain.push(await perToken(nginx, () => Promise.resolve(completion(true))))
    ours.push(await perToken(proxy, () => question(proxy.port, 'text/event-stream')))
  }
  // The first round warms both up.
  const [theirs, mine] = [plain.slice(1), ours.slice(1)]
  // What the machine does to one of a round it does to the other.
  const times = mine.map((each, round) => each / (theirs[round] ?? Number.NaN))
  const shown = `${spread(mine, 'µs', 1)} against ${nginx ? `${spread(theirs, 'µs', 1)} of nginx` : 'no nginx here'}`
  return {
    name: `CPU per streamed token, ${STREAMS} streams, durable runs, limits and storage on`,
    today: 'Caddy 1.2 × nginx, Portkey 4.0, AI SDK 18',
    target: '≤ 2.0 × nginx',
    measured: nginx ? `${spread(times, '×')}; ${shown}` : shown,
    met: nginx !== null && median(times) <= 2,
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
