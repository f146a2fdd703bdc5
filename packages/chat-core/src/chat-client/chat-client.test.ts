import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../persistence/memory-storage.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy, type ScriptedProxyOptions } from '../testing/scripted-proxy.js'
import { createHistory, type History, type HistoryOptions } from '../history/index.js'
import type { RunSink } from '../transport/chat-transport.js'
import type { ChatClient } from './chat-client.js'
import { createChatClient } from './create-chat-client.js'

interface Scene {
  readonly platform: FakePlatform
  readonly proxy: ScriptedProxy
  readonly client: Client
  reopen(): Client
}

type Client = ChatClient & { readonly history: History }

function scene(script: Partial<ScriptedProxyOptions> = {}, options: HistoryOptions = {}): Scene {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, ...script })
  const storage = createMemoryStorage()
  const reopen = (): Client =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: { history: createHistory({ storage, ...options }) },
    })
  return { platform, proxy, client: reopen(), reopen }
}

const texts = (client: ChatClient): string[] => client.getSnapshot().messages.map(({ content }) => content)
const statuses = (client: ChatClient): string[] => client.getSnapshot().messages.map(({ status }) => status)

describe('a chat client', () => {
  it('shows the question at once and the answer as it comes', async () => {
    const { client, platform } = scene()
    const outcome = client.send('Hello')
    expect(texts(client)).toEqual(['Hello', ''])
    expect(client.getSnapshot().phase).toBe('sending')
    await platform.advance(36)
    expect(client.getSnapshot().phase).toBe('streaming')
    expect(texts(client)[1]).toBe('You ')
    await platform.settle()
    expect(await outcome).toMatchObject({ status: 'done', message: { content: 'You said: Hello' } })
    expect(statuses(client)).toEqual(['sent', 'done'])
    expect(client.getSnapshot().phase).toBe('idle')
  })

  it('sends pasted text in a form that the server takes, and shows it so', async () => {
    const { client, platform, proxy } = scene()
    void client.send('a\0b \ud83d \u{1F44D}')
    await platform.settle()
    const sendable = 'a\ufffdb \ufffd \u{1F44D}'
    expect(texts(client)).toEqual([sendable, `You said: ${sendable}`])
    expect([...proxy.conversations.values()][0]?.[0]?.content).toBe(sendable)
  })

  it('says where the answer stands among those that wait for their turn', async () => {
    const { platform } = scene()
    const session = {
      token: 't',
      expires_at: '2099-01-01T00:00:00.000Z',
      visitor_id: 'v_1',
      tenant: 'default',
      greeting: '',
      suggestions: [],
      features: { demo: false },
      limits: { max_message_chars: 100, heartbeat_seconds: 10 },
    }
    let tell: RunSink['onEvent'] | undefined
    const client = createChatClient({
      platform,
      transport: {
        origin: 'https://chat.test',
        start: async () => session,
        send: (_call, _send, { onEvent }) => {
          tell = onEvent
          return new Promise(() => undefined)
        },
        server: null,
      },
    })
    void client.send('Hello')
    await platform.advance(10)
    const places: (number | null)[] = []
    for (const [seq, position] of [3, 1, 0].entries()) {
      tell?.(seq + 1, JSON.stringify({ choices: [], colloquy: { queue: { position } } }))
      await platform.advance(20)
      places.push(client.getSnapshot().queuePlace)
    }
    expect(places).toEqual([3, 1, null])
    client.destroy()
  })

  it('tells listeners at most once per frame and keeps the snapshot in between', async () => {
    const words = Array.from({ length: 200 }, (_, index) => `w${index} `)
    const { client, platform } = scene({ words: () => words, gapMs: 1 })
    let calls = 0
    client.subscribe(() => (calls += 1))
    void client.send('Hello')
    await platform.settle()
    expect(texts(client)[1]).toBe(words.join(''))
    expect(calls).toBeLessThanOrEqual(203 / 16 + 6)
    expect(client.getSnapshot()).toBe(client.getSnapshot())
  })

  it('keeps the reference of messages that did not change', async () => {
    const { client, platform } = scene()
    void client.send('One')
    await platform.settle()
    const [first, second] = client.getSnapshot().messages
    void client.send('Two')
    await platform.settle()
    expect(client.getSnapshot().messages[0]).toBe(first)
    expect(client.getSnapshot().messages[1]).toBe(second)
  })

  it('refuses an empty message and one that is too long before anything is sent', async () => {
    const { client, proxy, platform } = scene()
    await expect(client.send('  ')).rejects.toMatchObject({ code: 'protocol' })
    // What a page without types may give.
    for (const noText of [undefined, null, 7, {}, ['Hello']])
      await expect(Reflect.apply(client.send, client, [noText])).rejects.toMatchObject({ code: 'protocol' })
    void client.start()
    await platform.settle()
    await expect(client.send('x'.repeat(8001))).rejects.toMatchObject({ code: 'too_long' })
    expect(proxy.generations).toBe(0)
  })

  it('restores the conversation from storage with the server away, and goes on when it is back', async () => {
    const { client, platform, proxy, reopen } = scene()
    void client.send('Hello')
    await platform.settle()
    client.destroy()
    proxy.fault = () => ({ kind: 'refuse' })
    const again = reopen()
    void again.start()
    await platform.settle()
    expect(texts(again)).toEqual(['Hello', 'You said: Hello'])
    expect(again.getSnapshot().error).toMatchObject({ code: 'upstream' })
    proxy.fault = () => null
    void again.send('More')
    await platform.settle()
    expect(texts(again)).toEqual(['Hello', 'You said: Hello', 'More', 'You said: More'])
  })

  it('reads on after a reload in mid-answer, without a second generation', async () => {
    const { client, platform, proxy, reopen } = scene({ gapMs: 100 })
    void client.send('Hello')
    await platform.advance(250)
    client.destroy()
    const again = reopen()
    void again.start()
    await platform.settle()
    expect(texts(again)).toEqual(['Hello', 'You said: Hello'])
    expect(statuses(again)).toEqual(['sent', 'done'])
    expect(proxy.generations).toBe(1)
  })

  it('stops an answer on the server and keeps what came', async () => {
    const { client, platform } = scene({ gapMs: 100 })
    const outcome = client.send('Hello')
    await platform.advance(250)
    void client.stop()
    await platform.settle()
    expect(await outcome).toMatchObject({ status: 'stopped', message: { content: 'You said: ' } })
  })

  it('gives two clean turns for a stop and a send in one tick', async () => {
    const { client, platform, proxy } = scene({ gapMs: 100 })
    const first = client.send('One')
    await platform.advance(150)
    void client.stop()
    const second = client.send('Two')
    await platform.settle()
    expect((await first).status).toBe('stopped')
    expect((await second).status).toBe('done')
    expect(texts(client)).toEqual(['One', 'You ', 'Two', 'You said: Two'])
    expect(proxy.generations).toBe(2)
  })

  it('shows a question as stopped that was stopped on its way, also where the server then refuses it', async () => {
    const { client, platform, proxy } = scene()
    proxy.fault = (request) => {
      if (!request.endsWith('/messages')) return null
      void client.stop()
      return { kind: 'status', status: 422 }
    }
    const outcome = client.send('Hello')
    await platform.settle()
    expect((await outcome).status).toBe('stopped')
    expect(statuses(client)).toEqual(['stopped', 'stopped'])
    expect(client.getSnapshot().error).toBeNull()
  })

  it('stops a message that waits offline without ever sending it', async () => {
    const { client, platform, proxy } = scene()
    platform.setOnline(false)
    const outcome = client.send('Hello')
    await platform.advance(5000)
    void client.stop()
    await platform.settle()
    expect((await outcome).status).toBe('stopped')
    platform.setOnline(true)
    await platform.settle()
    expect(proxy.generations).toBe(0)
  })

  it('sends what was written offline once the line is back', async () => {
    const { client, platform, proxy } = scene()
    platform.setOnline(false)
    const outcome = client.send('Hello')
    await platform.advance(3_600_000)
    expect(statuses(client)).toEqual(['queued', 'sending'])
    platform.setOnline(true)
    await platform.settle()
    expect((await outcome).status).toBe('done')
    expect(proxy.generations).toBe(1)
  })

  it('fails a send after five refusals, and sends the same run again on retry', async () => {
    const { client, platform, proxy } = scene()
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'refuse' } : null)
    const outcome = client.send('Hello')
    await platform.settle()
    expect(await outcome).toMatchObject({ status: 'failed', error: { code: 'upstream', retryable: true } })
    expect(statuses(client)).toEqual(['failed', 'failed'])
    proxy.fault = () => null
    const answer = client.getSnapshot().messages[1]
    void client.retry(answer?.id ?? '')
    await platform.settle()
    expect(texts(client)).toEqual(['Hello', 'You said: Hello'])
    expect([...proxy.runs.keys()]).toEqual([answer?.runId])
  })

  it('asks again as a new version when the answer itself failed', async () => {
    const { client, platform, proxy } = scene({ gapMs: 100 })
    void client.send('Hello')
    await platform.advance(150)
    for (const run of proxy.runs.values()) run.end('failed')
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'failed'])
    void client.retry(client.getSnapshot().messages[1]?.id ?? '')
    await platform.settle()
    expect(texts(client)).toEqual(['Hello', 'You said: Hello'])
    expect(proxy.generations).toBe(2)
  })

  it.each([
    ['upstream_unavailable', 'upstream'],
    ['upstream_timeout_connect', 'upstream'],
    ['upstream_timeout_first_token', 'timeout'],
    ['upstream_timeout_between_tokens', 'stalled'],
    ['policy', 'policy'],
  ] as const)('names what ended a run by its code alone: %s is %s', async (told, code) => {
    const { client, platform, proxy } = scene({ gapMs: 100 })
    const outcome = client.send('Hello')
    await platform.advance(150)
    const error = {
      code: told,
      message: 'Any words, such as rate limit, quota or stopped.',
      retryable: false,
    }
    for (const run of proxy.runs.values()) run.end('failed', error)
    await platform.settle()
    expect(await outcome).toMatchObject({
      status: 'failed',
      error: { code, retryable: false, retryAfter: undefined },
    })
  })

  it('tells when to come back after a run that the provider turned away, and no more after a reload', async () => {
    const { client, platform, proxy, reopen } = scene({ gapMs: 100 })
    const outcome = client.send('Hello')
    await platform.advance(150)
    const error = {
      code: 'upstream_unavailable',
      message: 'Away.',
      retryable: true,
      retry_after: 12,
    } as const
    for (const run of proxy.runs.values()) run.end('failed', error)
    await platform.settle()
    expect(await outcome).toMatchObject({ error: { code: 'upstream', retryable: true, retryAfter: 12_000 } })
    client.destroy()
    const again = reopen()
    void again.start()
    await platform.settle()
    expect(again.getSnapshot().messages[1]).toMatchObject({
      status: 'failed',
      error: { code: 'upstream', message: 'Away.', retryAfter: undefined },
    })
  })

  it('says that the place is gone when the server loses a run while it is read', async () => {
    const { client, platform, proxy } = scene({ gapMs: 100 })
    const outcome = client.send('Hello')
    await platform.advance(150)
    proxy.runs.clear()
    proxy.break('end')
    await platform.settle()
    expect(await outcome).toMatchObject({ status: 'failed', error: { code: 'resync', retryable: true } })
  })

  it('asks nothing that was stopped while it waited for its turn', async () => {
    const { client, platform, proxy } = scene({ gapMs: 1000 })
    void client.send('One')
    await platform.advance(100)
    void client.send('Two')
    void client.stop()
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'stopped', 'stopped', 'stopped'])
    expect(proxy.requests.filter((request) => request.endsWith('/messages'))).toHaveLength(1)
  })

  it('asks anew when the server has lost the run that was to be read on', async () => {
    const { client, platform, proxy } = scene({ gapMs: 100 })
    void client.send('Hello')
    await platform.advance(150)
    proxy.fault = () => ({ kind: 'status', status: 503 })
    platform.wake('restored')
    await platform.settle()
    expect(statuses(client)).toEqual(['sent', 'failed'])
    // Restored from a backup, the server knows neither the run nor its message.
    const [lost] = proxy.runs.keys()
    proxy.runs.delete(lost ?? '')
    proxy.fault = () => null
    const outcome = client.retry(client.getSnapshot().messages[1]?.id ?? '')
    await platform.settle()
    expect((await outcome).status).toBe('done')
    expect(texts(client)).toEqual(['Hello', 'You said: Hello'])
  })

  it('lists and deletes conversations', async () => {
    const { client, platform, proxy } = scene()
    void client.send('Hello')
    await platform.settle()
    const id = client.getSnapshot().conversationId ?? ''
    void client.history.list()
    await platform.settle()
    expect(client.getSnapshot().conversations.map((one) => one.id)).toEqual([id])
    void client.history.remove(id)
    await platform.settle()
    expect(client.getSnapshot()).toMatchObject({ conversations: [], conversationId: null, messages: [] })
    expect(proxy.conversations.size).toBe(0)
  })

  it('lets an answer go on in the background while another conversation is open', async () => {
    const { client, platform } = scene({ gapMs: 100 })
    void client.send('One')
    await platform.advance(150)
    const first = client.getSnapshot().conversationId ?? ''
    client.newConversation()
    expect(texts(client)).toEqual([])
    void client.send('Two')
    await platform.settle()
    expect(texts(client)).toEqual(['Two', 'You said: Two'])
    void client.history.open(first)
    await platform.settle()
    expect(texts(client)).toEqual(['One', 'You said: One'])
  })

  it('forgets everything on sign-out', async () => {
    const { client, platform, reopen } = scene()
    void client.send('Hello')
    await platform.settle()
    void client.signOut()
    await platform.settle()
    expect(client.getSnapshot()).toMatchObject({ messages: [], conversations: [], conversationId: null })
    const again = reopen()
    void again.start()
    await platform.settle()
    expect(texts(again)).toEqual([])
  })

  it('goes on in memory when storage fails, and says so once', async () => {
    const failing = createMemoryStorage()
    let failures = 0
    const { client, platform } = scene(
      {},
      {
        storage: { ...failing, write: () => Promise.reject(new Error('full')) },
        onStorageFailure: () => (failures += 1),
      },
    )
    void client.send('Hello')
    await platform.settle()
    expect(texts(client)).toEqual(['Hello', 'You said: Hello'])
    expect(failures).toBe(1)
  })

  it('leaves no timer and no listener behind', async () => {
    const { client, platform } = scene({ gapMs: 100 })
    void client.send('Hello')
    await platform.advance(150)
    client.destroy()
    await platform.settle()
    expect(platform.pendingTimers()).toBe(0)
    expect(platform.pendingListeners()).toBe(0)
  })
})
