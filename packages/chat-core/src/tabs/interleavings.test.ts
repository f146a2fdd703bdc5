import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage, type ChatStorage, type History } from '../history/index.js'
import type { ChatMessage } from '../messages/message.js'
import { createOutbox } from '../outbox/index.js'
import { isTerminal } from '../run/apply-event.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { TabHub } from '../testing/tab-hub.js'
import { keepInStep, type Tabs } from './index.js'

const WORDS = ['One ', 'two ', 'three ', 'four ', 'five.']
const ANSWER = WORDS.join('')
const WAY_MS = 10

interface Tab {
  readonly client: ChatClient & { readonly history: History }
  kill(): void
}

interface World {
  readonly platform: FakePlatform
  readonly proxy: ScriptedProxy
  readonly storage: ChatStorage
  readonly hub: TabHub
  /** How long news take from tab to tab, in milliseconds. */
  readonly newsMs: number
  /** The first is the one that asked first; there is always one. */
  tabs: Tab[]
  readonly questions: string[]
  /** Runs that were under way, or waiting, when a stop was asked for with the line up. */
  readonly stopped: Set<string>
}

async function world(newsMs: number): Promise<World> {
  const platform = createFakePlatform()
  const made: World = {
    platform,
    proxy: new ScriptedProxy({ platform, words: () => WORDS, gapMs: 50, heartbeatMs: 1000 }),
    storage: createMemoryStorage(),
    hub: new TabHub(),
    newsMs,
    tabs: [],
    questions: [],
    stopped: new Set(),
  }
  openTab(made)
  const [first] = made.tabs
  if (first) send(made, first)
  await platform.settle()
  openTab(made)
  await platform.settle()
  return made
}

function openTab(made: World): void {
  const { platform, proxy, storage, hub, newsMs } = made
  const { tabs, kill } = hub.open()
  // On their way they are lost neither with the tab that told them, nor heard by one that has gone.
  const listen: Tabs['listen'] = (listener) => {
    let isListening = true
    const release = tabs.listen((news) => platform.after(newsMs, () => isListening && listener(news)))
    return () => {
      isListening = false
      release()
    }
  }
  const client = createChatClient({
    baseUrl: 'https://chat.test',
    fetch: slowly(platform, proxy.fetch),
    platform,
    parts: {
      history: createHistory({ storage }),
      outbox: createOutbox({ storage }),
      tabs: keepInStep(newsMs > 0 ? { ...tabs, listen } : tabs),
    },
  })
  const die = (): void => {
    kill()
    client.destroy()
  }
  made.tabs.push({ client, kill: die })
  void client.start()
}

/** Requests and answers take their time. */
function slowly(platform: FakePlatform, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const way = (): Promise<void> => new Promise((resolve) => platform.after(WAY_MS, resolve))
  return async (input, init) => {
    await way()
    const response = await fetch(input, init)
    await way()
    init?.signal?.throwIfAborted()
    return response
  }
}

function send({ questions }: World, { client }: Tab): void {
  const text = `Question ${questions.length}`
  questions.push(text)
  void client.send(text)
}

function stop({ platform, proxy, stopped }: World, { client }: Tab): void {
  for (const { role, status, runId } of client.getSnapshot().messages) {
    const run = proxy.runs.get(runId ?? '')
    const isUnderWay = role === 'assistant' && (status === 'sending' || status === 'streaming')
    // Not near its end, so that the stop is in time.
    const isEarly = !isTerminal(run?.status) && (run?.content ?? '').length < ANSWER.length / 2
    if (isUnderWay && isEarly && runId && platform.isOnline()) stopped.add(runId)
  }
  void client.stop()
}

const STEPS: Readonly<Record<string, (made: World, tab: Tab) => void>> = {
  send,
  stop,
  offline({ platform, proxy, stopped }) {
    platform.setOnline(false)
    for (const runId of stopped) {
      const run = proxy.runs.get(runId)
      if (run && !isTerminal(run.status)) stopped.delete(runId)
    }
  },
  // News are there before a line is.
  online: ({ platform, newsMs }) => void platform.after(newsMs, () => platform.setOnline(true)),
  cut: ({ proxy }) => proxy.break('end'),
  silence: ({ proxy }) => proxy.break('silence'),
  show: ({ platform }) => platform.wake('visible'),
  open: openTab,
  close(made, tab) {
    tab.kill()
    made.tabs = made.tabs.filter((other) => other !== tab)
    if (made.tabs.length === 0) openTab(made)
  },
}

/** What is true of every tab once the line is back and all is at rest. */
async function expectTruth(made: World, label: string): Promise<void> {
  const { platform, proxy, storage, newsMs } = made
  await platform.advance(newsMs)
  platform.setOnline(true)
  await platform.settle()
  openTab(made)
  await platform.settle()
  for (const [index, { client }] of made.tabs.entries()) {
    const { phase, messages } = client.getSnapshot()
    const at = `${label}; tab ${index} of ${made.tabs.length}`
    expect(phase, at).toBe('idle')
    for (const message of messages) expectTold(made, message, at)
  }
  const conversations = await storage.list('conversations')
  const kept = (await Promise.all(conversations.map(({ id }) => storage.messagesOf(id)))).flat()
  for (const message of kept) expectTold(made, message, label)
  const asked = kept.flatMap(({ role, content }) => (role === 'user' ? [content] : []))
  expect(asked.toSorted(), label).toEqual(made.questions.toSorted())
  expect(await storage.list('outbox'), label).toEqual([])
  const answered = [...proxy.conversations.values()].flat().filter(({ role }) => role === 'assistant')
  expect(answered.length, label).toBe(proxy.generations)
  for (const { client } of made.tabs) client.destroy()
  expect([platform.pendingTimers(), platform.pendingListeners()], label).toEqual([0, 0])
}

type Told = Pick<ChatMessage, 'id' | 'role' | 'content' | 'status' | 'runId'>

function expectTold({ proxy, stopped }: World, { id, role, status, content, runId }: Told, at: string): void {
  const onServer = [...proxy.conversations.values()].flat().filter((message) => message.id === id)
  if (onServer.length === 0) return expect(status, `${at}: ${role} ${id}, not sent`).toBe('stopped')
  expect(onServer.length, `${at}: ${id}`).toBe(1)
  if (role === 'user') return expect(status, `${at}: ${id}`).toBe('sent')
  const run = proxy.runs.get(runId ?? '')
  const end = run?.status === 'completed' ? 'done' : run?.status
  expect({ content, status }, `${at}: ${id}`).toEqual({ content: run?.content, status: end })
  if (stopped.has(runId ?? '')) expect(status, `${at}: ${id}, stopped`).toBe('stopped')
}

describe('any steps in any tabs of one browser', () => {
  it('end with one truth in all of them', async () => {
    const seed = Number(process.env['SEED'] ?? 20)
    const random = seededRandom(seed)
    const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)]
    for (let round = 0; round < Number(process.env['ROUNDS'] ?? 100); round += 1) {
      const newsMs = pick([0, 1, 30]) ?? 0
      const made = await world(newsMs)
      const steps: string[] = []
      for (let count = 0; count < 6; count += 1) {
        const name = pick(Object.keys(STEPS)) ?? 'send'
        const tab = pick(made.tabs)
        const gap = pick([0, 0, 5, 15, 60, 300, 3000]) ?? 0
        steps.push(`${name} in ${tab ? made.tabs.indexOf(tab) : '-'} +${gap}`)
        if (tab) STEPS[name]?.(made, tab)
        await made.platform.advance(gap)
      }
      await expectTruth(made, `seed ${seed}, round ${round}, news ${newsMs}: ${steps.join(', ')}`)
    }
  })
})
