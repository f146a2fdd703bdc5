import { median, repeated, scaled, spread, type Figure } from '../figure.js'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { completion, open, question, type Call } from './calls.js'
import { startNginx, startProxy, startUpstream } from './processes.js'
import type { Servers } from './servers.js'

const CALLS = 200
const WARM_UP = 50
const ROUNDS = 5
/** Answers that are soon over, because the next call is made after them. */
const TOKENS = 3
const INTERVAL_MS = 1

/** How much later the first word is there than straight from the endpoint; one call at a time. */
export async function firstTokenAdded(): Promise<readonly Figure[]> {
  const upstream = await startUpstream(TOKENS, INTERVAL_MS)
  const nginx = await startNginx(upstream)
  const proxy = await startProxy(upstream, NO_LIMITS_ENV)
  try {
    return await compare({ upstream, nginx, proxy })
  } finally {
    await proxy.stop()
    await nginx?.stop()
    await upstream.stop()
  }
}

async function compare({ upstream, nginx, proxy }: Servers): Promise<readonly Figure[]> {
  const { headers } = await question(proxy.port, 'text/event-stream')
  const completions = { ...completion(true), headers: { authorization: headers['authorization'] ?? '' } }
  const plain = (): Promise<Call> => Promise.resolve(completion(true))
  const rounds = await repeated(async () => {
    const direct = await firstWord(upstream.port, plain)
    return {
      nginx: nginx && (await firstWord(nginx.port, plain)) - direct,
      completion: (await firstWord(proxy.port, () => Promise.resolve(completions))) - direct,
      run: (await firstWord(proxy.port, () => question(proxy.port, 'text/event-stream'))) - direct,
    }
  }, ROUNDS)
  const theirs = rounds.flatMap((round) => round.nginx ?? [])
  const beside = theirs.length === 0 ? 'no nginx here' : `nginx ${spread(theirs, 'ms')}`
  const figure = (name: string, added: readonly number[]): Figure => ({
    name: `First token added, one at a time, p50: ${name}`,
    today: 'nginx 0.14 ms, openai 1.8, Portkey 28.8',
    target: '≤ 0.7 ms',
    measured: `${spread(added, 'ms')}; ${beside}`,
    met: median(added) <= 0.7,
  })
  return [
    figure(
      '/v1/chat/completions, with identity and limits',
      rounds.map((round) => round.completion),
    ),
    figure(
      'a durable run, on the disk before it begins',
      rounds.map((round) => round.run),
    ),
  ]
}

/** @returns milliseconds from the request to the first word, the median */
async function firstWord(port: number, callOf: () => Promise<Call>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < scaled(CALLS) + WARM_UP; i += 1) {
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
  return median(times.slice(WARM_UP))
}
