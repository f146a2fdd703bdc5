import { median, scaled, spread, type Figure } from '../figure.js'
import { completion, drain, open, question, type Call } from './calls.js'
import { startPortkey, startProxy, startUpstream, type Measured } from './processes.js'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'

const ANSWERS = 500
const AT_ONCE = 16
const ROUNDS = 5
/** A short answer: what is measured is the call, and not how long it is. */
const TOKENS = 20
const INTERVAL_MS = 1

/** What an answer in one piece costs. Of the endpoint, a run streams it all the same, and Portkey asks for it in one piece. */
export async function costPerWholeAnswer(): Promise<Figure> {
  const upstream = await startUpstream(TOKENS, INTERVAL_MS)
  const proxy = await startProxy(upstream, NO_LIMITS_ENV)
  const portkey = await startPortkey()
  try {
    return await compare(proxy, portkey, upstream)
  } finally {
    await portkey.stop()
    await proxy.stop()
    await upstream.stop()
  }
}

async function compare(proxy: Measured, portkey: Measured, upstream: Measured): Promise<Figure> {
  const passedOn = throughPortkey(upstream)
  const theirs: number[] = []
  const ours: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    theirs.push(await perAnswer(portkey, () => Promise.resolve(passedOn)))
    ours.push(await perAnswer(proxy, () => question(proxy.port, 'application/json')))
  }
  // The first round warms both up.
  const [portkeys, mine] = [theirs.slice(1), ours.slice(1)]
  const times = mine.map((each, round) => each / (portkeys[round] ?? Number.NaN))
  return {
    name: 'CPU per answer in one piece, with identity, limits and storage, against Portkey with none',
    today: 'Portkey 690–980 µs; openai package in Express 1.1 ×',
    target: '≤ 0.25 × Portkey',
    measured: `${spread(times, '×')}; ${spread(mine, 'µs', 0)} against ${spread(portkeys, 'µs', 0)}`,
    met: median(times) <= 0.25,
  }
}

function throughPortkey(upstream: Measured): Call {
  const call = completion(false)
  const provider = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstream.port}/v1`,
  }
  return { ...call, headers: { ...call.headers, ...provider } }
}

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
