import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage, type History } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { TabHub } from '../testing/tab-hub.js'
import { keepInStep } from './index.js'

const WORDS = Array.from({ length: 20 }, (_, index) => `word${index} `)
const ANSWER = WORDS.join('')

interface Tab {
  readonly client: ChatClient & { readonly history: History }
  kill(): void
}

function browser(seed = 1) {
  const platform = createFakePlatform({ seed })
  const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs: 40 })
  const storage = createMemoryStorage()
  const hub = new TabHub()
  const openTab = (): Tab => {
    const { tabs, kill } = hub.open()
    const client = createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: { history: createHistory({ storage }), tabs: keepInStep(tabs) },
    })
    const die = (): void => {
      kill()
      client.destroy()
    }
    return { client, kill: die }
  }
  return { platform, proxy, openTab }
}

const lastText = ({ client }: Tab): string | undefined => client.getSnapshot().messages.at(-1)?.content
const lastStatus = ({ client }: Tab): string | undefined => client.getSnapshot().messages.at(-1)?.status
const streams = (proxy: ScriptedProxy): number =>
  proxy.requests.filter((request) => /messages$|events$/.test(request) && request !== 'GET /messages').length

/** Two tabs that show the same conversation, which has one exchange. */
async function twoTabs(seed = 1) {
  const scene = browser(seed)
  const first = scene.openTab()
  void first.client.send('Hello')
  await scene.platform.settle()
  const second = scene.openTab()
  void second.client.start()
  await scene.platform.settle()
  return { ...scene, first, second }
}

describe('tabs of one browser', () => {
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

  it('stop an answer that the other one reads', async () => {
    const { first, second, platform } = await twoTabs()
    void first.client.send('Again')
    await platform.advance(400)
    void second.client.stop()
    await platform.settle()
    expect([lastStatus(first), lastStatus(second)]).toEqual(['stopped', 'stopped'])
    expect(lastText(first)).toBe(lastText(second))
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

  it('forget a conversation that the other one deleted', async () => {
    const { first, second, platform } = await twoTabs()
    void first.client.history.remove(first.client.getSnapshot().conversationId ?? '')
    await platform.settle()
    expect(second.client.getSnapshot().messages).toEqual([])
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
