import { describe, expect, it } from 'vitest'
import { createHistory, createMemoryStorage, type History } from '../history/index.js'
import { createOutbox } from '../outbox/index.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createVersions, type Versions } from '../versions/index.js'
import type { ChatClient } from './chat-client.js'
import { createChatClient } from './create-chat-client.js'

const WORDS = ['One ', 'two ', 'three ', 'four ', 'five.']
const ANSWER = WORDS.join('')

interface World {
  readonly platform: FakePlatform
  readonly proxy: ScriptedProxy
  readonly client: ChatClient & { readonly history: History; readonly versions: Versions }
  /** Questions asked, regenerations and edits included: the most that a model may have been called. */
  asked: number
  readonly firstConversation: string
}

/** A step must never throw, whatever state it meets; refusals are outcomes. */
type Step = (world: World) => void

const ask = (world: World, outcome: Promise<unknown>): void => {
  world.asked += 1
  outcome.catch(() => (world.asked -= 1))
}

const lastOf = ({ client }: World, role: string): string =>
  client.getSnapshot().messages.findLast((message) => message.role === role)?.id ?? 'none'

const STEPS: Readonly<Record<string, Step>> = {
  send: (world) => ask(world, world.client.send('More')),
  stop: ({ client }) => void client.stop(),
  edit: (world) => ask(world, world.client.versions.edit(lastOf(world, 'user'), 'Edited')),
  regenerate: (world) => ask(world, world.client.versions.regenerate(lastOf(world, 'assistant'))),
  resume: ({ client }) => void client.history.open(client.getSnapshot().conversationId ?? 'c_none'),
  offline: ({ platform }) => platform.setOnline(false),
  online: ({ platform }) => platform.setOnline(true),
  hide: () => {},
  show: ({ platform }) => platform.wake('visible'),
  restore: ({ platform }) => platform.wake('restored'),
  switch: ({ client }) => client.newConversation(),
  back: (world) => void world.client.history.open(world.firstConversation),
}

/** A world with one finished exchange and, with `streaming`, one under way. */
async function world(streaming: boolean): Promise<World> {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 50 })
  const storage = createMemoryStorage()
  const client = createChatClient({
    baseUrl: 'https://chat.test',
    fetch: proxy.fetch,
    platform,
    parts: {
      history: createHistory({ storage }),
      versions: createVersions(),
      outbox: createOutbox({ storage }),
    },
  })
  void client.send('Hello')
  await platform.settle()
  const made: World = {
    platform,
    proxy,
    client,
    asked: 1,
    firstConversation: client.getSnapshot().conversationId ?? '',
  }
  if (streaming) {
    ask(made, client.send('Again'))
    await platform.advance(120)
  }
  return made
}

/** What is true after any steps, once the line is back and everything has come to rest. */
async function expectTruth(made: World, label: string): Promise<void> {
  const { platform, proxy, client } = made
  platform.setOnline(true)
  await platform.settle()
  if (!client.getSnapshot().conversationId) void client.history.open(made.firstConversation)
  await platform.settle()
  const snapshot = client.getSnapshot()
  expect(snapshot.phase, label).toBe('idle')
  expect(proxy.generations, label).toBeLessThanOrEqual(made.asked)
  for (const { id, role, status, content, runId } of snapshot.messages) {
    expect(['sent', 'done', 'stopped'], `${label}: ${role} ${id}`).toContain(status)
    if (role === 'user') continue
    const run = proxy.runs.get(runId ?? '')
    // Never sent at all, because it was stopped while it waited.
    if (!run) {
      expect({ status, content }, label).toEqual({ status: 'stopped', content: '' })
      continue
    }
    expect(content, label).toBe(run.content)
    expect(status, label).toBe(run.status === 'completed' ? 'done' : run.status)
    if (status === 'done') expect(content, label).toBe(ANSWER)
  }
  client.destroy()
  expect(platform.pendingTimers(), label).toBe(0)
}

describe('any two steps, one after the other', () => {
  const gaps = [0, 30, 1500]
  const pairs = Object.keys(STEPS).flatMap((first) =>
    Object.keys(STEPS).map((second) => [first, second] as const),
  )

  it.each(pairs)(
    '%s, then %s: text is never called done without the terminal event',
    async (first, second) => {
      for (const streaming of [false, true]) {
        for (const gap of gaps) {
          const made = await world(streaming)
          STEPS[first]?.(made)
          if (gap > 0) await made.platform.advance(gap)
          STEPS[second]?.(made)
          await made.platform.advance(200)
          await expectTruth(made, `${streaming ? 'streaming' : 'idle'}, ${gap} ms between`)
        }
      }
    },
  )
})
