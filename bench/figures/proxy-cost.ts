import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { median, scaled, type Bench, type Figure } from '../figure.js'
import { completion, drain, open, question, type Call } from '../proxy-cost/calls.js'
import { startNginx, startProxy, startUpstream, type Measured } from '../proxy-cost/processes.js'

const STREAMS = 256
const TOKENS = 400
const INTERVAL_MS = 20
const ROUNDS = 3

/** What a streamed token costs on its way through, beside nginx, which knows nothing of what it passes on. */
export const proxyCost: Bench = {
  name: 'What the proxy costs',
  async run() {
    const upstream = await startUpstream(scaled(TOKENS), INTERVAL_MS)
    const nginx = await startNginx(upstream)
    const proxy = await startProxy(upstream, NO_LIMITS_ENV)
    try {
      return await figures(nginx, proxy)
    } finally {
      await proxy.stop()
      await nginx?.stop()
      await upstream.stop()
    }
  },
}

async function figures(nginx: Measured | null, proxy: Measured): Promise<readonly Figure[]> {
  const plain: number[] = []
  const ours: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (nginx)
      plain.push(
        await perToken(
          nginx,
          Array.from({ length: STREAMS }, () => completion(true)),
        ),
      )
    ours.push(await perToken(proxy, await questions(proxy)))
  }
  // The first round warms both up.
  const [theirs, mine] = [median(plain.slice(1)), median(ours.slice(1))]
  const shown = `${mine.toFixed(1)} µs against ${nginx ? `${theirs.toFixed(1)} µs of nginx` : 'no nginx here'}`
  return [
    {
      name: `CPU per streamed token, ${STREAMS} streams, durable runs, limits and storage on`,
      today: 'Caddy 1.2 × nginx, Portkey 4.0, AI SDK 18',
      target: '≤ 2.0 × nginx',
      measured: nginx ? `${(mine / theirs).toFixed(2)} × (${shown})` : shown,
      met: nginx !== null && mine / theirs <= 2,
    },
  ]
}

const questions = (proxy: Measured): Promise<readonly Call[]> =>
  Promise.all(Array.from({ length: STREAMS }, () => question(proxy.port, 'text/event-stream')))

/** @returns microseconds of CPU per token, over streams that run side by side */
async function perToken(server: Measured, calls: readonly Call[]): Promise<number> {
  const before = server.cpu()
  const answers = await Promise.all(calls.map(async (call) => drain(await open(server.port, call))))
  const used = server.cpu() - before
  for (const { text } of answers) {
    if (!text.includes('[DONE]')) throw new Error('A stream was cut; the figure would mean nothing.')
  }
  return used / (calls.length * scaled(TOKENS))
}
