import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { seededRandom } from '@colloquy/chat-core/testing'
import { CountingProvider, type Fate } from '../support/counting-provider.js'
import { serveWith, type ServedProxy } from '../support/served-proxy.js'

export interface FaultedReport {
  readonly seed: number
  readonly calls: number
  /** Tokens of all calls whose count the provider told, or which it never began: its own and the ledger's. */
  readonly known: Count
  /** Of calls that broke off before the provider told its count. */
  readonly unknown: Count
  /** What is still set aside, and how long after the last call it was looked for, in ms. */
  readonly reserved: number
  readonly settledAfter: number
}

export interface Count {
  readonly calls: number
  readonly provider: number
  readonly ledger: number
}

/** One way in which a call goes wrong. */
interface Fault extends Fate {
  /** What the client does when all words have come. */
  readonly client?: 'stops' | 'leaves'
  /** Over OpenAI's contract; leaving ends the answer there. */
  readonly isCompletion?: boolean
  readonly isUnknown?: boolean
}

const KINDS: readonly Fault[] = [
  { ending: 'whole' },
  { refusals: Infinity, ending: 'whole' },
  { refusals: 1, ending: 'whole' },
  { atOnce: 'reset', ending: 'whole' },
  { counts: true, ending: 'reset' },
  { ending: 'count, then reset' },
  { ending: 'reset', isUnknown: true },
]
const OF_RUNS: readonly Fault[] = [
  { client: 'leaves', ending: 'whole' },
  { client: 'stops', counts: true, ending: 'silence' },
  { client: 'stops', ending: 'silence', isUnknown: true },
]
const OF_COMPLETIONS: readonly Fault[] = [
  { client: 'leaves', counts: true, ending: 'silence' },
  { client: 'leaves', ending: 'silence', isUnknown: true },
]
/** They take as long as the proxy waits for a provider. */
const STALLS: readonly Fault[] = [
  { atOnce: 'silence', ending: 'whole' },
  { counts: true, ending: 'silence' },
  { ending: 'silence', isUnknown: true },
]

const faultsWith = (stalls: readonly Fault[]): readonly Fault[] => [
  ...KINDS,
  ...OF_RUNS,
  ...stalls,
  ...[...KINDS, ...OF_COMPLETIONS, ...stalls].map((fault) => ({ ...fault, isCompletion: true })),
]

const MOST_WORDS = 40
const AT_ONCE = 64
const WAIT_AT_ONCE = 600
const SETTLE_MS = 60_000

/** Asks so many questions, each of which goes wrong in some way, and compares the ledger with the provider's own count. */
export async function countFaulted(
  calls: number,
  seed: number,
  { withStalls }: { readonly withStalls: boolean },
): Promise<FaultedReport> {
  const random = seededRandom(seed)
  const provider = await CountingProvider.open()
  const env = { LLM_BASE_URL: provider.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'counting' }
  const limits = {
    TOKENS_PER_DAY_USER: '1000000000',
    TOKENS_PER_DAY_INSTALLATION: 'off',
    CONTEXT_MESSAGES: '1',
    LLM_BREAKER_FAILURES: '1000',
  }
  const proxy = await serveWith({}, { ...env, ...limits })
  try {
    const [known, unknown] = [await newcomer(proxy.url), await newcomer(proxy.url)]
    const faults = faultsWith(withStalls ? STALLS : [])
    const asked = Array.from({ length: calls }, (_, index) => {
      const fault = faults[index % faults.length] ?? { ending: 'whole' }
      const name = `q${index}`
      provider.expect(name, fault, 1 + Math.floor(random() * MOST_WORDS))
      return { name, fault, by: fault.isUnknown === true ? unknown : known }
    })
    const patient = asked.filter(({ fault }) => isStalled(fault))
    const others = asked.filter(({ fault }) => !isStalled(fault))
    const asker = async (): Promise<void> => {
      for (let next = others.pop(); next; next = others.pop()) await ask(next, provider, proxy)
    }
    // Those that wait for the proxy's patience to end do so together.
    const waiter = async (): Promise<void> => {
      for (let next = patient.pop(); next; next = patient.pop()) await ask(next, provider, proxy)
    }
    await Promise.all([
      ...Array.from({ length: WAIT_AT_ONCE }, waiter),
      ...Array.from({ length: AT_ONCE }, asker),
    ])
    return { seed, calls, ...(await settled(proxy, provider, { asked, known, unknown })) }
  } finally {
    await proxy.close()
    await provider.close()
  }
}

const isStalled = ({ atOnce, ending, client }: Fault): boolean =>
  atOnce === 'silence' || (ending === 'silence' && client === undefined)

interface Caller {
  readonly token: string
  readonly visitor_id: string
}

interface Question {
  readonly name: string
  readonly fault: Fault
  readonly by: Caller
}

const newcomer = async (url: string): Promise<Caller> =>
  JSON.parse(await post(`${url}/api/v1/chat/start`, '', {}))

/** Resolves when nothing more comes of it. */
async function ask(
  { name, fault, by }: Question,
  provider: CountingProvider,
  { url }: ServedProxy,
): Promise<void> {
  const response = await (fault.isCompletion === true
    ? open(`${url}/v1/chat/completions`, by.token, completionOf(name))
    : open(await messagesOf(url, by), by.token, { content: name, run_id: `r_${name}_of_this_test` }))
  let told = ''
  let isOver = false
  const over = new Promise<void>((resolve) => {
    response.on('close', () => resolve()).on('error', () => resolve())
  })
  response.setEncoding('utf8').on('data', (chunk: string) => {
    told += chunk
    if (isOver || told.split('word ').length - 1 < provider.wordsOf(name)) return
    isOver = true
    if (fault.client === 'leaves') response.destroy()
    if (fault.client === 'stops') void post(`${url}/api/v1/runs/r_${name}_of_this_test/stop`, by.token, {})
    provider.go(name)
  })
  await over
}

const completionOf = (name: string) => ({
  model: 'counting',
  stream: true,
  messages: [{ role: 'user', content: name }],
})

async function messagesOf(url: string, { token }: Caller): Promise<string> {
  const { id }: { id: string } = JSON.parse(
    await post(`${url}/api/v1/conversations`, token, { title: 'Test' }),
  )
  return `${url}/api/v1/conversations/${id}/messages`
}

/** Waits until nothing is set aside any more, and counts. */
async function settled(
  { folder }: ServedProxy,
  provider: CountingProvider,
  { asked, known, unknown }: { asked: readonly Question[]; known: Caller; unknown: Caller },
): Promise<Omit<FaultedReport, 'seed' | 'calls'>> {
  const database = new DatabaseSync(join(folder, 'colloquy.db'), { readOnly: true })
  const number = (statement: string, ...values: string[]): number =>
    Number(database.prepare(statement).get(...values)?.['n'])
  const left = (): number =>
    number('select count(*) as n from ledger_reservations') +
    number('select coalesce(sum(abs(reserved_tokens) + abs(reserved_messages)), 0) as n from ledger_counters')
  const since = performance.now()
  while (left() > 0 && performance.now() - since < SETTLE_MS)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const settledAfter = performance.now() - since
  const countOf = (caller: Caller): Count => {
    const theirs = asked.filter(({ by }) => by === caller)
    return {
      calls: theirs.length,
      provider: theirs.reduce((sum, { name }) => sum + provider.tokensOf(name), 0),
      ledger: number(
        "select coalesce(sum(tokens), 0) as n from ledger_counters where scope = 'user' and span = 'day' and scope_id = ?",
        caller.visitor_id,
      ),
    }
  }
  const report = { known: countOf(known), unknown: countOf(unknown), reserved: left(), settledAfter }
  database.close()
  return report
}

function open(url: string, token: string, body: object): Promise<IncomingMessage> {
  const headers = {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
  }
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent: false, headers }, resolve)
      .on('error', reject)
      .end(JSON.stringify(body))
  })
}

const post = async (url: string, token: string, body: object): Promise<string> =>
  text(await open(url, token, body))
