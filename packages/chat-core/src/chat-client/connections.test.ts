import { describe, expect, it } from 'vitest'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import type { Fetch } from '../transport/http.js'
import { createChatClient } from './create-chat-client.js'

/** @param held the line stays open behind the last byte */
function scene(held = false) {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, words: () => ['Hi'], gapMs: 10 })
  const calls: RequestInit[] = []
  const ends: string[] = []
  const fetch: Fetch = async (input, init) => {
    calls.push(init ?? {})
    const response = await proxy.fetch(input, init)
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response
    const hungUp = new Promise<never>((_done, fail) => {
      init?.signal?.addEventListener('abort', () => {
        ends.push('hung up')
        fail(new Error('The client hung up.'))
      })
    })
    hungUp.catch(() => {})
    const flush = (): Promise<void> | undefined => {
      ends.push('ended')
      return held ? hungUp : undefined
    }
    return new Response(response.body?.pipeThrough(new TransformStream({ flush })), response)
  }
  const history = createHistory({ storage: createMemoryStorage() })
  const client = createChatClient({ baseUrl: 'https://chat.test', fetch, platform, parts: { history } })
  return { platform, client, calls, ends }
}

describe('the connections of a client', () => {
  it('end with the stream that an answer comes in, so that the next question can take them', async () => {
    const { platform, client, ends } = scene()
    void client.send('Hello')
    await platform.settle()
    expect(client.getSnapshot().messages.at(-1)?.status).toBe('done')
    expect(ends[0]).toBe('ended')
  })

  it('are let go of where somebody keeps the line open behind the answer', async () => {
    const { platform, client, ends } = scene(true)
    void client.send('Hello')
    await platform.advance(100)
    expect([client.getSnapshot().phase, ends]).toEqual(['streaming', ['ended']])
    await platform.advance(1_000)
    expect([client.getSnapshot().phase, ends]).toEqual(['idle', ['ended', 'hung up']])
  })

  it('are asked for without a word about caches where none could answer: the browser would forget what other origins allow', async () => {
    const { platform, client, calls } = scene()
    void client.send('Hello')
    await platform.settle()
    void client.history.list()
    await platform.settle()
    const saidOf = (wanted: string) =>
      new Set(calls.filter(({ method }) => method === wanted).map(({ cache }) => cache))
    expect([saidOf('POST'), saidOf('GET')]).toEqual([new Set([undefined]), new Set(['no-store'])])
  })
})
