import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { seededRandom } from '@colloquy/chat-core/testing'
import { CuttingServer, type Cut } from '../../src/infrastructure/llm/testing/cutting-server.js'
import { endChunk, sse, textChunk } from '../../src/infrastructure/llm/testing/fault-server.js'
import { CountingClock } from '../support/counting-clock.js'
import { serveWith, type ServedProxy } from '../support/served-proxy.js'

export interface ResetReport {
  readonly seed: number
  readonly asked: number
  /** Calls that the provider ended with RST, and all that it was asked. */
  readonly resets: number
  readonly calls: number
  /** What nobody caught; each would have ended the process. */
  readonly uncaught: readonly string[]
  /** Questions whose client was not told how they ended. */
  readonly untold: readonly string[]
  /** What is there that was not there before the first question, by name. */
  readonly leftOpen: Readonly<Record<string, number>>
}

const WORDS = ['Grüße ', '👋 and ', 'a rather ', 'ordinary ', 'answer.']
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'
/** What the provider would send, were it not cut. */
export const ANSWER = Buffer.from(HEAD + [...WORDS.map(textChunk), endChunk(), '[DONE]'].map(sse).join(''))
/** Some answers are whole, or the provider would be left alone for a while. */
const WHOLE_SHARE = 0.02
const AT_ONCE = 64
/** Questions in one conversation: what a long one costs is measured elsewhere. */
const IN_ONE = 25
const SETTLE_MS = 15_000

/** Asks in every way until the provider has reset so many calls at random bytes, and looks at what is left. */
export async function resetRandomly(resets: number, seed: number): Promise<ResetReport> {
  const random = seededRandom(seed)
  const made = { asked: 0, resets: 0, uncaught: [] as string[], untold: [] as string[] }
  const nextCut = (): Cut => {
    if (random() < WHOLE_SHARE) return { at: ANSWER.length, kind: 'hangUp' }
    made.resets += 1
    return { at: Math.floor(random() * ANSWER.length), kind: 'reset' }
  }
  const note = (error: unknown): void => void made.uncaught.push(String(error))
  process.on('unhandledRejection', note).on('uncaughtException', note)
  const provider = await CuttingServer.open(ANSWER, nextCut)
  const scene = await openScene(provider)
  try {
    const before = await quiet(scene)
    const asker = async (): Promise<void> => {
      const ask = await visitor(scene.proxy.url)
      while (made.resets < resets) {
        made.asked += 1
        const told = await ask(made.asked).catch((error: unknown) => `no answer: ${String(error)}`)
        if (told !== null) made.untold.push(told)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, asker))
    const leftOpen = await settled(scene, before)
    return { seed, ...made, calls: provider.requests, leftOpen }
  } finally {
    await scene.proxy.close()
    await provider.close()
    process.off('unhandledRejection', note).off('uncaughtException', note)
  }
}

interface Scene {
  readonly proxy: ServedProxy
  openThings(): Promise<Record<string, number>>
}

async function openScene(provider: CuttingServer): Promise<Scene> {
  const clock = new CountingClock()
  const env = {
    LLM_BASE_URL: provider.baseUrl,
    LLM_API_KEY: 'sk-none',
    LLM_MODEL: 'cut',
    LLM_RETRY_UNKNOWN: 'true',
    LLM_BREAKER_FAILURES: '1000',
    TOKENS_PER_DAY: '1000000000',
    CONTEXT_MESSAGES: '1',
  }
  const proxy = await serveWith({ clock }, env)
  const database = new DatabaseSync(join(proxy.folder, 'colloquy.db'), { readOnly: true })
  return {
    proxy: { ...proxy, close: () => (database.close(), proxy.close()) },
    openThings: async () => ({
      'sockets of clients': await proxy.connections(),
      'sockets to the provider': provider.openSockets,
      timers: clock.pending,
      ...openRows(database),
    }),
  }
}

const ROWS = {
  runs: 'select count(*) as n from runs where ended_at is null',
  'leases of runs': 'select count(*) as n from runs where lease_owner is not null',
  places: 'select count(*) as n from run_places',
  reservations: 'select count(*) as n from ledger_reservations',
  'reserved tokens': 'select coalesce(sum(abs(reserved_tokens)), 0) as n from ledger_counters',
  'reserved messages': 'select coalesce(sum(abs(reserved_messages)), 0) as n from ledger_counters',
}

const openRows = (database: DatabaseSync): Record<string, number> =>
  Object.fromEntries(
    Object.entries(ROWS).map(([name, text]) => [name, Number(database.prepare(text).get()?.['n'])]),
  )

/** How it stands after one question, whose log is kept for a while and then let go by a timer. */
async function quiet(scene: Scene): Promise<Record<string, number>> {
  await (
    await visitor(scene.proxy.url)
  )(0)
  await settled(scene, { timers: Infinity })
  return scene.openThings()
}

/** @returns what is left after a while, beyond what was there before */
async function settled(scene: Scene, before: Record<string, number>): Promise<Record<string, number>> {
  const giveUp = Date.now() + SETTLE_MS
  agent.destroy()
  for (;;) {
    const left = Object.entries(await scene.openThings())
      .map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)])
      .filter(([, count]) => count > 0)
    if (left.length === 0 || Date.now() > giveUp) return Object.fromEntries(left)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** How a visitor asks its n-th question. @returns `null` when it was told how that ended, else what it was told */
async function visitor(url: string): Promise<(index: number) => Promise<string | null>> {
  const { token }: { token: string } = JSON.parse(await ask(`${url}/api/v1/chat/start`, {}, ''))
  const authorization = `Bearer ${token}`
  let conversation = ''
  const post = (path: string, accept: string, body: object): Promise<string> =>
    ask(url + path, { authorization, accept }, JSON.stringify(body))
  const send = (accept: string): Promise<string> =>
    post(`/api/v1/conversations/${conversation}/messages`, accept, { content: 'Hello?' })
  return async (index) => {
    if (index % IN_ONE === 0 || conversation === '') {
      const { id }: { id: string } = JSON.parse(await post('/api/v1/conversations', '*/*', {}))
      conversation = id
    }
    if (index % 3 === 0) return untold(await send('text/event-stream'), /\[DONE\]/)
    if (index % 3 === 1) return untold(await send('application/json'), /"status":"(completed|failed)"/)
    const body = { model: 'cut', stream: true, messages: [{ role: 'user', content: 'Hello?' }] }
    return untold(await post('/v1/chat/completions', '*/*', body), /\[DONE\]|"error"/)
  }
}

const untold = (text: string, end: RegExp): string | null => (end.test(text) ? null : text.slice(-200))

const agent = new Agent({ keepAlive: true })

function ask(url: string, headers: Record<string, string>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { ...headers, 'content-type': 'application/json' } }
    request(url, options, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
      .end(body)
  })
}
