import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import type { Fetch } from '../transport/http.js'
import { createDirectTransport } from './index.js'

const event = (part: object): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', ...part })}\n\n`
const delta = (content: string): string =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })
const FINISH = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })

/** An OpenAI-compatible endpoint that answers every call with the next of `answers`. */
async function ask(answers: readonly Response[]) {
  const platform = createFakePlatform()
  const calls: { url: string; body: unknown; headers: Headers }[] = []
  const fetch: Fetch = async (input, init) => {
    calls.push({
      url: input instanceof Request ? input.url : input.toString(),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : null,
      headers: new Headers(init?.headers),
    })
    const answer = answers[calls.length - 1]
    if (!answer) throw new TypeError('fetch failed')
    return answer
  }
  const client = createChatClient({
    transport: createDirectTransport({
      baseUrl: 'http://localhost:11434/v1',
      model: 'small',
      apiKey: 'sk-test',
      fetch,
      platform,
    }),
    platform,
  })
  const outcome = client.send('Hello')
  await platform.settle()
  return { outcome: await outcome, calls, client, platform }
}

const stream = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'text/event-stream' } })

describe('an OpenAI-compatible endpoint without a proxy', () => {
  it('gets the history and the key, and its answer ends with [DONE]', async () => {
    const { outcome, calls } = await ask([stream(`${delta('Hi')}${delta('!')}${FINISH}data: [DONE]\n\n`)])
    expect(outcome).toMatchObject({ status: 'done', message: { content: 'Hi!' } })
    expect(calls[0]?.url).toBe('http://localhost:11434/v1/chat/completions')
    expect(calls[0]?.body).toEqual({
      model: 'small',
      stream: true,
      messages: [{ role: 'user', content: 'Hello' }],
    })
    expect(calls[0]?.headers.get('authorization')).toBe('Bearer sk-test')
  })

  it('counts as done when the connection ends behind the finish reason', async () => {
    const { outcome } = await ask([stream(`${delta('Hi')}${FINISH}`)])
    expect(outcome.status).toBe('done')
  })

  it('is failed when the connection ends before it, and is not called again', async () => {
    const { outcome, calls } = await ask([stream(delta('Hi')), stream(`${delta('No')}${FINISH}`)])
    expect(outcome).toMatchObject({ status: 'failed', message: { content: 'Hi' } })
    expect(calls).toHaveLength(1)
  })

  it('is failed when the endpoint reports an error in mid-stream', async () => {
    const { outcome } = await ask([stream(`${delta('Hi')}data: {"error":{"message":"overloaded"}}\n\n`)])
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'upstream' } })
  })

  it('is called again after a complete refusal that may pass', async () => {
    const { outcome, calls } = await ask([
      new Response('', { status: 503 }),
      stream(`${delta('Hi')}${FINISH}data: [DONE]\n\n`),
    ])
    expect(outcome.status).toBe('done')
    expect(calls).toHaveLength(2)
  })

  it('is not called again when nobody knows whether it ran', async () => {
    const { outcome, calls } = await ask([])
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'upstream' } })
    expect(calls).toHaveLength(1)
  })

  it('asks again from the person as a whole new answer', async () => {
    const { client, platform } = await ask([stream(delta('Hi')), stream(`${delta('Good')}${FINISH}`)])
    void client.retry(client.getSnapshot().messages[1]?.id ?? '')
    await platform.settle()
    expect(client.getSnapshot().messages.map(({ content }) => content)).toEqual(['Hello', 'Good'])
  })
})
