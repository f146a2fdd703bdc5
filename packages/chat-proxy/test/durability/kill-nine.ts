import { createChatClient, type ChatClient, type ChatMessage, type RunOutcome } from '@colloquy/chat-core'
import { createHistory, createMemoryStorage, type ChatStorage } from '@colloquy/chat-core/history'
import type { ConversationDetail, StartResponse } from '@colloquy/chat-core/protocol'
import { seededRandom } from '@colloquy/chat-core/testing'
import { Line } from '../support/line.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'

export interface KillNineReport {
  readonly seed: number
  readonly kills: number
  readonly sends: number
  /** Questions that a client saw accepted and that are not in the conversation afterwards. */
  readonly lost: readonly string[]
  /** Questions that stand in a conversation, or reached the model, more than once. */
  readonly doubled: readonly string[]
  /** Answers that ended as anything but the whole text, or as interrupted with the beginning of it. */
  readonly wrong: readonly string[]
  /** Milliseconds from the start of a process to its listening. */
  readonly readyIn: readonly number[]
  /** Milliseconds from there until every interrupted run had ended for its reader. */
  readonly orphansEndedIn: readonly number[]
}

const WORDS = Array.from({ length: 30 }, (_, index) => `word${index} `)
const ANSWER = WORDS.join('')
/** Questions asked at once before each kill. */
const AT_ONCE = 3
const KILL_WITHIN_MS = 250

/** Asks questions, kills the proxy with SIGKILL at a random moment of their answers, starts it again, and looks at what is left. */
export async function killNine(
  kills: number,
  seed: number,
  store: Record<string, string>,
): Promise<KillNineReport> {
  const random = seededRandom(seed)
  const upstream = await SlowUpstream.open(WORDS, 8)
  const env = { ...store, LLM_BASE_URL: upstream.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'slow' }
  let proxy = await ProxyProcess.start(env)
  const line = await Line.open(() => proxy.port)
  const visitors = Array.from({ length: AT_ONCE }, () => newVisitor(line.url))
  const made: Findings = { lost: [], doubled: [], wrong: [], readyIn: [], orphansEndedIn: [] }
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const answers = visitors.map(({ client }, index) => askAnew(client, `k${kill}q${index}`))
      await new Promise((resolve) => setTimeout(resolve, random() * KILL_WITHIN_MS))
      await proxy.kill()
      proxy = await ProxyProcess.start(env)
      made.readyIn.push(proxy.startedIn)
      const restarted = performance.now()
      const outcomes = await Promise.all(answers)
      // Answers that began only after the restart take their own time and say nothing about orphans.
      if (outcomes.some(({ status }) => status === 'interrupted'))
        made.orphansEndedIn.push(endOfOrphans(outcomes, restarted))
      made.wrong.push(...outcomes.filter((outcome) => !isRight(outcome)).map(describe))
      for (const visitor of visitors) await inspect(visitor, line.url, upstream, made)
    }
  } finally {
    for (const { client } of visitors) client.destroy()
    await line.close()
    await proxy.kill()
    await upstream.close()
  }
  return { seed, kills, sends: kills * AT_ONCE, ...made }
}

/** The moment each interrupted answer settled is noted by its client; see {@link newVisitor}. */
const settledAt = new WeakMap<ChatMessage, number>()

function endOfOrphans(outcomes: readonly RunOutcome[], since: number): number {
  const ends = outcomes
    .filter(({ status }) => status === 'interrupted')
    .map(({ message }) => (settledAt.get(message) ?? performance.now()) - since)
  return Math.max(...ends, 0)
}

interface Visitor {
  readonly client: ChatClient
  readonly storage: ChatStorage
}

type Findings = { [K in 'lost' | 'doubled' | 'wrong']: string[] } & {
  [K in 'readyIn' | 'orphansEndedIn']: number[]
}

/** In a conversation of its own, so that making one is killed as well. */
function askAnew(client: ChatClient, question: string): Promise<RunOutcome> {
  client.newConversation()
  return client.send(question)
}

/** A visitor whose client waits for a proxy that is being started, and notes when each answer came to rest. */
function newVisitor(baseUrl: string): Visitor {
  const storage = createMemoryStorage()
  const client = createChatClient({
    baseUrl,
    parts: { history: createHistory({ storage }) },
    policy: {
      send: { tries: 1000, base: 10, cap: 40 },
      resume: { tries: 1000, base: 10, cap: 40 },
    },
  })
  client.subscribe(() => {
    for (const message of client.getSnapshot().messages) {
      if (message.status === 'interrupted' && !settledAt.has(message))
        settledAt.set(message, performance.now())
    }
  })
  return { client, storage }
}

const isRight = ({ status, message }: RunOutcome): boolean =>
  (status === 'done' && message.content === ANSWER) ||
  (status === 'interrupted' && ANSWER.startsWith(message.content))

const describe = ({ status, message, error }: RunOutcome): string =>
  `${message.id}: ${status} (${error?.code ?? 'no error'}), ${message.content.length} characters`

/** Compares what a visitor saw of the conversation just killed with what the server has of it. */
async function inspect(
  { client, storage }: Visitor,
  baseUrl: string,
  upstream: SlowUpstream,
  made: Findings,
): Promise<void> {
  const { conversationId, messages } = client.getSnapshot()
  const seen = messages
    .filter(({ role, status }) => role === 'user' && status === 'sent')
    .map(({ content }) => content)
  const stored = await storedQuestions(storage, baseUrl, conversationId ?? '')
  made.lost.push(...seen.filter((content) => !stored.includes(content)))
  made.doubled.push(...stored.filter((content, index) => stored.indexOf(content) !== index))
  made.doubled.push(...seen.filter((content) => (upstream.calls.get(content) ?? 0) > 1))
}

/** Read past the client, which would show what it remembers as well. */
async function storedQuestions(storage: ChatStorage, baseUrl: string, id: string): Promise<string[]> {
  const session = (await storage.get('meta', 'session'))?.value
  // chat-core keeps the answer of `chat/start` there.
  const { token } = session as StartResponse
  const response = await fetch(`${baseUrl}/api/v1/conversations/${id}?limit=100`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (response.status === 404) return []
  const { messages }: ConversationDetail = JSON.parse(await response.text())
  return messages.filter(({ role }) => role === 'user').map(({ content }) => content)
}
