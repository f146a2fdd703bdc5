import { describe, expect, it } from 'vitest'
import { createHistory, createMemoryStorage, type ChatStorage, type History } from '../history/index.js'
import type { ChatMessage } from '../messages/message.js'
import { createOutbox } from '../outbox/index.js'
import type { Platform } from '../platform/platform.js'
import { isTerminal } from '../run/apply-event.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { createVersions, type Versions } from '../versions/index.js'
import type { ChatClient, RunOutcome } from './chat-client.js'
import { createChatClient } from './create-chat-client.js'

const WORDS = ['One ', 'two ', 'three ', 'four ', 'five.']
const ANSWER = WORDS.join('')
/** How long a request and its answer are on their way, each, in milliseconds. */
const WAY_MS = 10
const FRAME_MS = 16

interface World {
  readonly platform: FakePlatform
  readonly proxy: ScriptedProxy
  readonly storage: ChatStorage
  /** Of the page as it is now. */
  client: Client
  readonly page: Page
  /** Two that exist on the server. */
  readonly conversations: readonly [string, string]
  /** How many texts were made up. */
  texts: number
  /** Texts of the questions that were accepted, each its own. */
  readonly questions: Set<string>
  /** Ids of the answers that were asked for. */
  readonly answers: Set<string>
  /** Runs that were under way, or waiting, when the stop was asked for with the line up. */
  readonly stopped: Set<string>
  /** What is not open is as the page before left it, until it is opened. */
  isReloaded: boolean
  /** The server is away, so that giving up is no lie. */
  isAway: boolean
  /** What was shown that was not true at that moment. */
  readonly lies: string[]
}

type Client = ChatClient & { readonly history: History; readonly versions: Versions }

/** What the page around a client is like. */
interface Page {
  isHidden: boolean
}

/** A step must never throw, whatever state it meets; refusals are outcomes. */
type Step = (world: World) => void

/** @param question its text, where it is a new one */
function ask(world: World, question: string | null, outcome: Promise<RunOutcome>): void {
  if (question !== null) world.questions.add(question)
  const noteAnswer = ({ message }: RunOutcome): void => void world.answers.add(message.id)
  outcome.then(noteAnswer, () => world.questions.delete(question ?? ''))
}

const newText = (world: World, what: string): string => `${what} ${(world.texts += 1)}`

function send(world: World): void {
  const text = newText(world, 'More')
  ask(world, text, world.client.send(text))
}

function edit(world: World): void {
  const text = newText(world, 'Edited')
  ask(world, text, world.client.versions.edit(lastOf(world, 'user'), text))
}

function stop(world: World): void {
  const { client, platform, proxy, stopped } = world
  const { messages } = client.getSnapshot()
  for (const { role, status, runId } of messages) {
    const run = proxy.runs.get(runId ?? '')
    const isUnderWay = role === 'assistant' && (status === 'sending' || status === 'streaming')
    // Not near its end, so that the stop is in time.
    const isEarly = !isTerminal(run?.status) && (run?.content ?? '').length < ANSWER.length / 2
    if (isUnderWay && isEarly && runId && platform.isOnline()) stopped.add(runId)
  }
  void client.stop()
}

const lastOf = ({ client }: World, role: string): string =>
  client.getSnapshot().messages.findLast((message) => message.role === role)?.id ?? 'none'

/** Those that have not got to the server yet may come too late. */
function forgetStops({ proxy, stopped }: World): void {
  for (const runId of stopped) {
    const run = proxy.runs.get(runId)
    if (run && !isTerminal(run.status)) stopped.delete(runId)
  }
}

const STEPS: Readonly<Record<string, Step>> = {
  send,
  stop,
  edit,
  regenerate(world) {
    const id = lastOf(world, 'assistant')
    // What was stopped before it got to the server is asked under its first ids.
    const { runId } = world.client.getSnapshot().messages.find((message) => message.id === id) ?? {}
    world.stopped.delete(runId ?? '')
    ask(world, null, world.client.versions.regenerate(id))
  },
  resume: ({ client }) => void client.history.open(client.getSnapshot().conversationId ?? 'c_none'),
  // A network that goes takes the streams with it.
  offline(world) {
    world.platform.setOnline(false)
    forgetStops(world)
  },
  online: ({ platform }) => platform.setOnline(true),
  hide: ({ page }) => void (page.isHidden = true),
  // A phone lets its connections go without a word.
  sleep({ page, proxy }) {
    page.isHidden = true
    proxy.break('silence')
  },
  show({ page, platform }) {
    page.isHidden = false
    platform.wake('visible')
  },
  restore({ page, proxy, platform }) {
    page.isHidden = false
    proxy.break('silence')
    platform.wake('restored')
  },
  cut: ({ proxy }) => proxy.break('end'),
  new: ({ client }) => client.newConversation(),
  switch({ client, conversations: [first, second] }) {
    const isFirst = client.getSnapshot().conversationId === first
    void client.history.open(isFirst ? second : first)
  },
  reload(world) {
    world.isReloaded = true
    world.page.isHidden = false
    world.client.destroy()
    world.client = openClient(world)
    world.client.subscribe(() => noteLies(world))
    void world.client.start()
  },
}

/**
 * How far a second exchange has come, in milliseconds: its question has just got to the server, or its answer is half here. One more is under
 * way then in the conversation that is not open.
 */
const SECOND = { none: null, sent: 15, streaming: 130 } as const
type Second = keyof typeof SECOND
const SECONDS: readonly Second[] = ['none', 'sent', 'streaming']

/** A world with two conversations, each with one finished exchange and perhaps a second one under way; the first is open. */
async function world(second: Second): Promise<World> {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 50, heartbeatMs: 1000 })
  const storage = createMemoryStorage()
  const page = { isHidden: false }
  const client = openClient({ platform, proxy, storage, page })
  const answers = new Set<string>()
  const begin = async (text: string): Promise<string> => {
    client.newConversation()
    const outcome = client.send(text)
    await platform.settle()
    answers.add((await outcome).message.id)
    return client.getSnapshot().conversationId ?? ''
  }
  const made: World = {
    platform,
    proxy,
    storage,
    client,
    page,
    conversations: [await begin('Hello'), await begin('Elsewhere')],
    texts: 0,
    questions: new Set(['Hello', 'Elsewhere']),
    answers,
    stopped: new Set(),
    isReloaded: false,
    isAway: false,
    lies: [],
  }
  client.subscribe(() => noteLies(made))
  const way = SECOND[second]
  if (way !== null) send(made)
  void client.history.open(made.conversations[0])
  // What storage has is there; what the server says of it may be on its way yet.
  await platform.advance(0)
  if (way !== null) {
    send(made)
    await platform.advance(way)
  }
  return made
}

const openClient = ({
  platform,
  proxy,
  storage,
  page,
}: Pick<World, 'platform' | 'proxy' | 'storage' | 'page'>): Client =>
  createChatClient({
    baseUrl: 'https://chat.test',
    fetch: slowly(platform, proxy.fetch),
    platform: platformOf(page, platform),
    parts: {
      history: createHistory({ storage }),
      versions: createVersions(),
      outbox: createOutbox({ storage }),
    },
  })

/** Timers and frames of a hidden page come once a second, as browsers have it. */
function platformOf(page: Page, platform: FakePlatform): Platform {
  const after: Platform['after'] = (ms, task) => {
    const due = (): void => {
      if (page.isHidden) release = platform.after(1000 - (platform.now() % 1000), task)
      else task()
    }
    let release = platform.after(ms, due)
    return () => release()
  }
  return { ...platform, after, frame: (task) => after(FRAME_MS, task) }
}

/** Requests and answers take their time; what is on its way when the line goes is lost. */
function slowly(platform: FakePlatform, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const way = (): Promise<void> => new Promise((resolve) => platform.after(WAY_MS, resolve))
  return async (input, init) => {
    if (!platform.isOnline()) throw new TypeError('fetch failed')
    await way()
    const response = await fetch(input, init)
    await way()
    init?.signal?.throwIfAborted()
    if (platform.isOnline()) return response
    await response.body?.cancel()
    throw new TypeError('fetch failed')
  }
}

/**
 * Whatever is shown as done is done on the server, word for word, at that very moment; and nothing is given up where the line
 * always comes back.
 */
function noteLies({ client, proxy, isAway, lies }: World): void {
  for (const { id, role, status, content, runId } of client.getSnapshot().messages) {
    const run = proxy.runs.get(runId ?? '')
    if (role === 'assistant' && status === 'done' && (run?.status !== 'completed' || run.content !== content))
      lies.push(`${id} was shown as done with "${content}", the run ${run?.status} with "${run?.content}"`)
    if (status === 'failed' && !isAway) lies.push(`${id} was shown as failed, the run ${run?.status}`)
  }
}

type Told = Pick<ChatMessage, 'id' | 'role' | 'content' | 'status' | 'runId'>

/** What is true after any steps, once the line is back and everything has come to rest. Nothing is fetched anew for it, unless the page is. */
async function expectTruth(made: World, label: string): Promise<void> {
  const { platform, proxy, storage, lies } = made
  await platform.advance(200)
  platform.setOnline(true)
  await platform.settle()
  const { client } = made
  expect(lies, label).toEqual([])
  expect(client.getSnapshot().phase, label).toBe('idle')
  for (const message of client.getSnapshot().messages) expectTold(made, message, label)
  const conversations = await storage.list('conversations')
  for (const { id } of made.isReloaded ? conversations : []) void client.history.open(id)
  await platform.settle()
  const kept = (await Promise.all(conversations.map(({ id }) => storage.messagesOf(id)))).flat()
  for (const message of kept) expectTold(made, message, label)
  // Every question that was asked is here once, and every answer that was wanted; none was made that was not.
  const questions = kept.filter(({ role }) => role === 'user').map(({ content }) => content)
  expect(questions.toSorted(), label).toEqual([...made.questions].toSorted())
  const answers = kept.filter(({ role }) => role === 'assistant')
  expect(answers.map(({ id }) => id).toSorted(), label).toEqual([...made.answers].toSorted())
  expect(answers.filter(({ runId }) => proxy.runs.has(runId ?? '')).length, label).toBe(proxy.generations)
  expect(await storage.list('outbox'), label).toEqual([])
  client.destroy()
  expect([platform.pendingTimers(), platform.pendingListeners()], label).toEqual([0, 0])
}

/** A message is what the server says it is; and what the server does not have was stopped before it got there. */
function expectTold(
  { proxy, stopped }: World,
  { id, role, content, status, runId }: Told,
  label: string,
): void {
  const onServer = [...proxy.conversations.values()].flat().filter((message) => message.id === id)
  if (onServer.length === 0) return expect(status, `${label}: ${role} ${id}, not sent`).toBe('stopped')
  expect(onServer.length, `${label}: ${role} ${id}`).toBe(1)
  if (role === 'user')
    return expect({ content, status }, label).toEqual({ content: onServer[0]?.content, status: 'sent' })
  const run = proxy.runs.get(runId ?? '')
  const end = run?.status === 'completed' ? 'done' : run?.status
  expect({ content, status }, `${label}: ${id}`).toEqual({ content: run?.content, status: end })
  if (status === 'done') expect(content, label).toBe(ANSWER)
  if (stopped.has(runId ?? '')) expect(status, `${label}: ${id}, stopped`).toBe('stopped')
}

const NAMES = Object.keys(STEPS)

describe('any two steps, one after the other', () => {
  const gaps = [0, 15, 60, 1500]
  const pairs = NAMES.flatMap((first) => NAMES.map((second) => [first, second] as const))

  it.each(pairs)('%s, then %s: what is shown and kept is what the server says', async (first, second) => {
    for (const under of SECONDS) {
      for (const gap of gaps) {
        const made = await world(under)
        STEPS[first]?.(made)
        if (gap > 0) await made.platform.advance(gap)
        STEPS[second]?.(made)
        await expectTruth(made, `${under} under way, ${gap} ms between`)
      }
    }
  })
})

describe('any step, before or after the server goes for so long that hope is given up', () => {
  /** Longer than every try together. */
  const AWAY_MS = 600_000

  const lose = (made: World): void => {
    made.isAway = true
    made.proxy.fault = () => ({ kind: 'refuse' })
    made.proxy.break('end')
    // What goes on there ends there, before it can be told to stop.
    made.stopped.clear()
  }

  it.each(NAMES)(
    '%s: nothing is done that the server does not say, and all is found when it is back',
    async (name) => {
      for (const under of SECONDS) {
        for (const isFirst of [true, false]) {
          const made = await world(under)
          const label = `${under} under way, ${isFirst ? 'before' : 'after'} the server goes`
          if (isFirst) STEPS[name]?.(made)
          if (isFirst) await made.platform.advance(15)
          lose(made)
          if (!isFirst) await made.platform.advance(15)
          if (!isFirst) STEPS[name]?.(made)
          made.stopped.clear()
          await made.platform.advance(AWAY_MS)
          made.platform.setOnline(true)
          await made.platform.advance(AWAY_MS)
          expect(made.lies, label).toEqual([])
          expect(made.client.getSnapshot().phase, label).toBe('idle')
          made.proxy.fault = () => null
          made.platform.wake('visible')
          await expectTruth(made, label)
        }
      }
    },
  )
})

describe('many steps, at random', () => {
  it('leave nothing that the server does not say', async () => {
    const seed = Number(process.env['SEED'] ?? 11)
    const random = seededRandom(seed)
    const pick = <T>(values: readonly T[], otherwise: T): T =>
      values[Math.floor(random() * values.length)] ?? otherwise
    for (let round = 0; round < 200; round += 1) {
      const made = await world(pick(SECONDS, 'none'))
      const steps: string[] = []
      for (let count = 0; count < 6; count += 1) {
        const name = pick(NAMES, 'send')
        const gap = pick([0, 0, 5, 15, 60, 300, 3000], 0)
        steps.push(`${name} +${gap}`)
        STEPS[name]?.(made)
        if (gap > 0) await made.platform.advance(gap)
      }
      await expectTruth(made, `seed ${seed}, round ${round}: ${steps.join(', ')}`)
    }
  })
})
