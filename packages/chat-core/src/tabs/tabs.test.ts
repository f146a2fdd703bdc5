import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage, type History } from '../history/index.js'
import { createOutbox, type Outbox } from '../outbox/index.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { TabHub } from '../testing/tab-hub.js'
import { isTerminal } from '../run/apply-event.js'
import { keepInStep, type Tabs } from './index.js'

const WORDS = Array.from({ length: 20 }, (_, index) => `word${index} `)
const ANSWER = WORDS.join('')

interface Tab {
  readonly client: ChatClient & { readonly history: History; readonly outbox: Outbox }
  kill(): void
  /** Hears nothing of the page that it is on. */
  isAsleep: boolean
}

/** @param tellMs how long news take from tab to tab, in milliseconds */
function browser(seed = 1, tellMs = 0) {
  const told = { progress: 0 }
  const platform = createFakePlatform({ seed })
  const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 40 })
  const storage = createMemoryStorage()
  const hub = new TabHub()
  const openTab = (): Tab => {
    const { tabs: near, kill } = hub.open()
    const tell: Tabs['tell'] = (news) => {
      if (news.type === 'progress') told.progress += 1
      if (tellMs > 0) platform.after(tellMs, () => near.tell(news))
      else near.tell(news)
    }
    const tabs = { ...near, tell }
    const onWake: FakePlatform['onWake'] = (listener) =>
      platform.onWake((reason) => (tab.isAsleep ? undefined : listener(reason)))
    const client = createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform: { ...platform, onWake },
      parts: {
        history: createHistory({ storage }),
        outbox: createOutbox({ storage }),
        tabs: keepInStep(tabs),
      },
    })
    const die = (): void => {
      kill()
      client.destroy()
    }
    const tab: Tab = { client, kill: die, isAsleep: false }
    return tab
  }
  return { platform, proxy, openTab, told }
}

const texts = ({ client }: Tab): string[] => client.getSnapshot().messages.map(({ content }) => content)
const lastText = ({ client }: Tab): string | undefined => client.getSnapshot().messages.at(-1)?.content
const lastStatus = ({ client }: Tab): string | undefined => client.getSnapshot().messages.at(-1)?.status
const streams = (proxy: ScriptedProxy): number =>
  proxy.requests.filter((request) => /messages$|events$/.test(request) && request !== 'GET /messages').length

/** Two tabs that show the same conversation, which has one exchange. */
async function twoTabs(seed = 1, tellMs = 0) {
  const scene = browser(seed, tellMs)
  const first = scene.openTab()
  void first.client.send('Hello')
  await scene.platform.settle()
  const second = scene.openTab()
  void second.client.start()
  await scene.platform.settle()
  return { ...scene, first, second }
}

/** Goes on in the middle of what is made of promises. */
async function settleFor(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
}

/** Lets time pass until all is at rest. @returns the most answers that were under way on the server at one time */
async function restWatching(platform: FakePlatform, proxy: ScriptedProxy): Promise<number> {
  let most = 0
  for (let round = 0; round < 400; round += 1) {
    await platform.advance(10)
    most = Math.max(most, [...proxy.runs.values()].filter(({ status }) => !isTerminal(status)).length)
  }
  return most
}

describe('tabs of one browser', () => {
  it('that open at the same moment begin as one visitor', async () => {
    const { platform, proxy, openTab } = browser()
    const tabs = [openTab(), openTab(), openTab()]
    for (const { client } of tabs) void client.start()
    await platform.settle()
    expect(proxy.requests.filter((request) => request === 'POST /chat/start')).toHaveLength(1)
    expect(tabs.map(({ client }) => client.getSnapshot().session?.visitorId)).toEqual(['v_1', 'v_1', 'v_1'])
  })

  it('that open while the server is away begin when it is back, each in its turn', async () => {
    const { platform, proxy, openTab } = browser()
    platform.setOnline(false)
    const tabs = [openTab(), openTab()]
    for (const { client } of tabs) void client.send('Hello')
    await platform.settle()
    platform.setOnline(true)
    await platform.advance(120_000)
    expect(tabs.map(lastStatus)).toEqual(['done', 'done'])
    expect(proxy.requests.filter((request) => request === 'POST /chat/start')).toHaveLength(1)
  })

  it('show the question and the answer of the other as it streams, over one connection', async () => {
    const { first, second, platform, proxy } = await twoTabs()
    const before = streams(proxy)
    void first.client.send('Again')
    await platform.advance(400)
    expect(second.client.getSnapshot().messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ])
    expect(second.client.getSnapshot().phase).toBe('streaming')
    expect(lastText(second)).not.toBe('')
    expect(ANSWER.startsWith(lastText(second) ?? '-')).toBe(true)
    await platform.settle()
    expect([lastText(first), lastText(second)]).toEqual([ANSWER, ANSWER])
    expect([lastStatus(first), lastStatus(second)]).toEqual(['done', 'done'])
    expect(streams(proxy) - before).toBe(1)
  })

  it.each([0, 1, 30])(
    'that ask at once show both questions in the order of the server, one answer after the other; news take %i ms',
    async (tellMs) => {
      const { first, second, platform, proxy } = await twoTabs(1, tellMs)
      void first.client.send('Mine')
      void second.client.send('Yours')
      await platform.advance(tellMs + 1)
      expect([texts(first), texts(second)]).toMatchObject([
        expect.arrayContaining(['Mine']),
        expect.arrayContaining(['Yours']),
      ])
      expect(await restWatching(platform, proxy)).toBe(1)
      const [kept] = proxy.conversations.values()
      const onServer = kept?.map(({ id, role }) => (role === 'user' ? id : '')).filter((id) => id !== '')
      for (const { client } of [first, second]) {
        const { messages } = client.getSnapshot()
        expect(messages.filter(({ role }) => role === 'user').map(({ id }) => id)).toEqual(onServer)
        expect(messages.map(({ status }) => status)).toEqual(['sent', 'done', 'sent', 'done', 'sent', 'done'])
      }
      expect(texts(first).toSorted()).toEqual([ANSWER, ANSWER, ANSWER, 'Hello', 'Mine', 'Yours'].toSorted())
      expect(proxy.generations).toBe(3)
    },
  )

  it('that open while one answer streams and a question waits read nothing twice and ask nothing out of turn', async () => {
    const { first, platform, openTab, proxy } = await twoTabs()
    void first.client.send('One')
    await platform.advance(200)
    void first.client.send('Two')
    await platform.advance(50)
    const before = streams(proxy)
    const third = openTab()
    void third.client.start()
    expect(await restWatching(platform, proxy)).toBe(1)
    expect(texts(third)).toEqual(['Hello', ANSWER, 'One', ANSWER, 'Two', ANSWER])
    expect(texts(first)).toEqual(texts(third))
    expect(streams(proxy) - before).toBe(1)
  })

  it('stop an answer that the other one reads', async () => {
    const { first, second, platform } = await twoTabs()
    void first.client.send('Again')
    await platform.advance(400)
    void second.client.stop()
    await platform.settle()
    expect([lastStatus(first), lastStatus(second)]).toEqual(['stopped', 'stopped'])
    expect(lastText(first)).toBe(lastText(second))
  })

  it('stop a question that waits in the other one, also before they have taken it up themselves', async () => {
    const { first, platform, proxy, openTab } = await twoTabs()
    platform.setOnline(false)
    void first.client.send('Again')
    await platform.advance(1000)
    const third = openTab()
    void third.client.start()
    void third.client.stop()
    await platform.advance(1000)
    expect(lastStatus(first)).toBe('stopped')
    platform.setOnline(true)
    await platform.settle()
    expect([lastStatus(first), lastStatus(third), proxy.generations]).toEqual(['stopped', 'stopped', 1])
  })

  it('stop an answer that another one has just asked for, however soon after they open', async () => {
    for (let turns = 0; turns < 60; turns += 1) {
      const { first, platform, proxy, openTab } = await twoTabs()
      void first.client.send('Again')
      const third = openTab()
      void third.client.start()
      await settleFor(turns)
      void third.client.stop()
      await platform.settle()
      const runs = [...proxy.runs.values()].slice(1).map(({ status }) => status)
      expect(new Set([...runs, lastStatus(first), lastStatus(third)]), `${turns}`).toEqual(
        new Set(['stopped']),
      )
    }
  })

  it('show how a question ended that another one gave up while they opened', async () => {
    for (let turns = 0; turns < 120; turns += 1) {
      const { first, platform, openTab } = await twoTabs()
      platform.setOnline(false)
      void first.client.send('Again')
      await platform.advance(100)
      const third = openTab()
      void third.client.start()
      await settleFor(turns)
      void first.client.stop()
      await platform.advance(100)
      platform.setOnline(true)
      await platform.settle()
      expect([lastStatus(first), lastStatus(third)], `${turns}`).toEqual(['stopped', 'stopped'])
    }
  })

  it('take back one question that the other one asked, and no more', async () => {
    const { first, second, platform, proxy } = await twoTabs()
    platform.setOnline(false)
    for (const text of ['One', 'Two', 'Three']) void first.client.send(text)
    await platform.advance(1000)
    const two = second.client.getSnapshot().messages.find(({ content }) => content === 'Two')
    await second.client.outbox.cancel(two?.id ?? '')
    platform.setOnline(true)
    await platform.settle()
    expect(proxy.generations).toBe(3)
    for (const tab of [first, second])
      expect(texts(tab)).toEqual(['Hello', ANSWER, 'One', ANSWER, 'Two', '', 'Three', ANSWER])
  })

  it('that open in mid-answer get what they missed', async () => {
    const { first, platform, openTab, proxy } = await twoTabs()
    void first.client.send('Again')
    await platform.advance(400)
    const before = streams(proxy)
    const third = openTab()
    void third.client.start()
    await platform.settle()
    expect(lastText(third)).toBe(ANSWER)
    expect(lastStatus(third)).toBe('done')
    expect(streams(proxy)).toBe(before)
  })

  it('are told little of an answer until one of them follows it, and then what it missed at once and the rest as it comes', async () => {
    const { platform, openTab, told } = browser()
    const first = openTab()
    void first.client.send('Hello')
    await platform.advance(500)
    expect(lastStatus(first)).toBe('streaming')
    expect(told.progress).toBe(1)
    const second = openTab()
    void second.client.start()
    await platform.advance(100)
    expect(lastText(second)?.length).toBeGreaterThan('word0 '.length * 8)
    for (let step = 0; step < 3; step += 1) {
      const before = lastText(second)?.length ?? 0
      await platform.advance(100)
      expect(lastText(second)?.length).toBeGreaterThan(before)
    }
  })

  it('show what they had given up, and one has brought on its way since, when they wake', async () => {
    const { first, second, platform, proxy } = await twoTabs()
    proxy.fault = () => ({ kind: 'refuse' })
    void first.client.send('Again')
    await platform.settle()
    expect([lastStatus(first), lastStatus(second)]).toEqual(['failed', 'failed'])
    proxy.fault = () => null
    second.isAsleep = true
    platform.wake('visible')
    await platform.settle()
    second.isAsleep = false
    platform.wake('visible')
    await platform.settle()
    for (const tab of [first, second]) {
      expect(texts(tab)).toEqual(['Hello', ANSWER, 'Again', ANSWER])
      expect(tab.client.getSnapshot().messages.map(({ status }) => status)).toEqual([
        'sent',
        'done',
        'sent',
        'done',
      ])
    }
    expect(proxy.generations).toBe(2)
  })

  it('show the shorter text alike that a server which was killed has kept', async () => {
    const { first, second, platform, proxy } = await twoTabs()
    void first.client.send('Again')
    await platform.advance(400)
    const run = [...proxy.runs.values()].at(-1)
    if (!run) throw new Error('Nothing was asked.')
    expect(lastText(second)?.length).toBeGreaterThan('word0 '.length)
    run.log.length = 3
    run.content = 'word0 '
    run.end('interrupted')
    proxy.break('end')
    await platform.settle()
    for (const tab of [first, second])
      expect([lastText(tab), lastStatus(tab)]).toEqual(['word0 ', 'interrupted'])
  })

  it('forget a conversation that the other one deleted', async () => {
    const { first, second, platform } = await twoTabs()
    void first.client.history.remove(first.client.getSnapshot().conversationId ?? '')
    await platform.settle()
    expect(second.client.getSnapshot().messages).toEqual([])
  })

  it('let go of a person who signs out in the other one, without being looked at', async () => {
    const { platform, first, second } = await twoTabs()
    const before = second.client.getSnapshot().session?.visitorId
    void first.client.signOut()
    await platform.advance(1)
    const { messages, conversations, session } = second.client.getSnapshot()
    expect({ messages, conversations }).toEqual({ messages: [], conversations: [] })
    expect(session?.visitorId).not.toBe(before)
    expect(before).toBeTruthy()
  })

  it('hand over without a gap or a double when the reading one dies, at random moments', async () => {
    const seed = Number(process.env['SEED'] ?? 77)
    const random = seededRandom(seed)
    for (let round = 0; round < 100; round += 1) {
      const { first, second, platform, proxy } = await twoTabs(round + 1)
      const generations = proxy.generations
      void first.client.send('Again')
      await platform.advance(Math.floor(random() * 900))
      first.kill()
      await platform.settle()
      const result = [lastText(second), lastStatus(second), proxy.generations - generations]
      expect(result, `seed ${seed}, round ${round}`).toEqual([ANSWER, 'done', 1])
    }
  })
})
