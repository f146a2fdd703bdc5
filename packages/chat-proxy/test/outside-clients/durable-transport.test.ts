import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createDurableTransport, type DurableTransport } from '@colloquy/chat-core/ai-sdk'
import type { UIMessage } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, ScriptedModel } from '../../src/application/testing/scripted-model.js'
import { Line, type Cut } from '../support/line.js'
import { serveProxy, type ServedProxy } from '../support/served-proxy.js'
import { PlainChat, textOf } from './plain-chat.js'

/** The AI SDK's chat with our transport, over a line that breaks: it never learns of it. */

let proxy: ServedProxy
let line: Line
let model: ScriptedModel
let client: ChatClient & { readonly aiSdk: DurableTransport }

beforeEach(async () => {
  model = new ScriptedModel()
  proxy = await serveProxy(model)
  line = await Line.open(() => proxy.port)
  client = connect()
})
afterEach(async () => {
  client.destroy()
  await line.close()
  await proxy.close()
})

const connect = (): typeof client =>
  createChatClient({
    baseUrl: line.url,
    parts: { aiSdk: createDurableTransport() },
    policy: { resume: { tries: 10, base: 1, cap: 1 }, send: { tries: 10, base: 1, cap: 1 } },
  })

const openChat = (messages: UIMessage[] = []): PlainChat =>
  new PlainChat({ id: 'chat_00001', messages, transport: client.aiSdk })

const texts = (chat: PlainChat): string[] => chat.messages.map(textOf)

describe('useChat on durable runs', () => {
  test('sends, thinks, streams and keeps the conversation, with no token in sight', async () => {
    model.script = (call) => call.think('Hm.').say('Hel', 'lo.').end()
    const chat = openChat()
    await chat.sendMessage({ text: 'Hello?' })
    expect(chat).toMatchObject({ status: 'ready', error: undefined })
    expect(texts(chat)).toEqual(['Hello?', 'Hello.'])
    expect(chat.lastMessage).toMatchObject({ role: 'assistant', metadata: { status: 'completed' } })
    await chat.sendMessage({ text: 'And you?' })
    expect(model.calls[1]?.request.messages.slice(1).map(({ content }) => content)).toEqual([
      'Hello?',
      'Hello.',
      'And you?',
    ])
  })

  const CUTS: readonly Cut[] = (['reset', 'end'] as const).flatMap((kind) =>
    [1, 200, 700, 900, 1_100, 1_500, 2_000, 2_600].map((afterBytes) => ({ kind, afterBytes })),
  )
  test.each(CUTS)('whose line breaks ($kind after $afterBytes bytes) gets the whole answer', async (cut) => {
    await client.start()
    const words = Array.from({ length: 20 }, (_, index) => `word ${index} `)
    const cuts: Cut[] = [cut, cut, cut]
    line.nextCut = () => cuts.shift() ?? null
    const chat = openChat()
    const sent = chat.sendMessage({ text: 'Count' })
    const call = await model.nextCall()
    for (const word of words) {
      call.say(word)
      await new Promise((resolve) => setImmediate(resolve))
    }
    call.end()
    await sent
    expect(chat).toMatchObject({ status: 'ready', error: undefined })
    expect(texts(chat)).toEqual(['Count', words.join('')])
    expect(model.calls).toHaveLength(1)
  })

  test('goes on in a page that was loaded again in mid-answer', async () => {
    const chat = openChat()
    const sent = chat.sendMessage({ text: 'Hello?' })
    const call = await model.nextCall()
    call.say('Hel')
    await expect.poll(() => textOf(chat.lastMessage)).toBe('Hel')
    await chat.stop()
    await sent
    const [question] = chat.messages
    if (!question) throw new Error('The chat has lost its question.')
    const reloaded = openChat([question])
    const resumed = reloaded.resumeStream()
    await expect.poll(() => textOf(reloaded.lastMessage)).toBe('Hel')
    line.cutAll()
    call.say('lo.').end()
    await resumed
    expect(texts(reloaded)).toEqual(['Hello?', 'Hello.'])
    expect(call.signal.aborted).toBe(false)
    expect(model.calls).toHaveLength(1)
  })

  test('finds nothing to resume in a new chat', async () => {
    const chat = openChat()
    await chat.resumeStream()
    expect(chat).toMatchObject({ status: 'ready', error: undefined, messages: [] })
  })

  test('is stopped on the server before its first word', async () => {
    const chat = openChat()
    const sent = chat.sendMessage({ text: 'Hello?' })
    await expect.poll(() => chat.status).toBe('submitted')
    await client.aiSdk.stop('chat_00001')
    await sent
    expect(chat).toMatchObject({ status: 'ready', error: undefined })
    expect(model.calls.every(({ signal }) => signal.aborted)).toBe(true)
  })

  test('is stopped on the server in mid-answer, and keeps what came', async () => {
    const chat = openChat()
    const sent = chat.sendMessage({ text: 'Hello?' })
    const call = await model.nextCall()
    call.say('Half')
    await expect.poll(() => textOf(chat.lastMessage)).toBe('Half')
    await client.aiSdk.stop('chat_00001')
    await sent
    expect(call.signal.aborted).toBe(true)
    expect(texts(chat)).toEqual(['Hello?', 'Half'])
    expect(chat).toMatchObject({ status: 'ready', error: undefined })
    // There is nothing more to stop.
    await client.aiSdk.stop('chat_00001')
  })

  test('changes a question, and regenerates an answer, as branches', async () => {
    model.script = answering('One.')
    const chat = openChat()
    await chat.sendMessage({ text: 'Hello?' })
    model.script = answering('Two.')
    await chat.sendMessage({ text: 'Hello, you?', messageId: chat.messages[0]?.id ?? '' })
    model.script = answering('Three.')
    await chat.regenerate({ messageId: chat.lastMessage?.id ?? '' })
    expect(texts(chat)).toEqual(['Hello, you?', 'Three.'])
  })

  test('says in words what the server refuses', async () => {
    await proxy.close()
    proxy = await serveProxy(model, { MAX_MESSAGE_CHARS: '100' })
    const chat = openChat()
    await chat.sendMessage({ text: 'x'.repeat(101) })
    expect(chat).toMatchObject({
      status: 'error',
      error: { message: 'The message is too long', status: 413 },
    })
    expect(model.calls).toHaveLength(0)
  })
})
