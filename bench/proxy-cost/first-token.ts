import { median, scaled, type Figure } from '../figure.js'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { completion, open, question, type Call } from './calls.js'
import { startNginx, startProxy, startUpstream } from './processes.js'
import type { Servers } from './servers.js'

const CALLS = 300
const WARM_UP = 50
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
  const direct = await firstWord(upstream.port, () => Promise.resolve(completion(true)))
  const through = nginx && (await firstWord(nginx.port, () => Promise.resolve(completion(true)))) - direct
  const beside = through === null ? 'no nginx here' : `nginx ${through.toFixed(2)} ms`
  const added = async (name: string, callOf: () => Promise<Call>): Promise<Figure> => {
    const ms = (await firstWord(proxy.port, callOf)) - direct
    return {
      name: `First token added, one at a time, p50: ${name}`,
      today: 'nginx 0.14 ms, openai 1.8, Portkey 28.8',
      target: '≤ 0.7 ms',
      measured: `${ms.toFixed(2)} ms (${beside})`,
      met: ms <= 0.7,
    }
  }
  return [
    await added('/v1/chat/completions, with identity and limits', () => Promise.resolve(completions)),
    await added('a durable run, on the disk before it begins', () =>
      question(proxy.port, 'text/event-stream'),
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
