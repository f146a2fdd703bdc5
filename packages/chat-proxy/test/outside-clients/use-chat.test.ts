import { DefaultChatTransport, type UIMessage } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/domain/model-error.js'
import { answering, ScriptedModel } from '../../src/application/testing/scripted-model.js'
import { Line, type Cut } from '../support/line.js'
import { serveProxy, type ServedProxy } from '../support/served-proxy.js'
import { newVisitor } from '../support/visitor.js'
import { PlainChat, textOf } from './plain-chat.js'

/** The AI SDK's chat, unchanged, with nothing told but the address and the token. */

let proxy: ServedProxy
let line: Line
let model: ScriptedModel
let token: string

beforeEach(async () => {
  model = new ScriptedModel()
  proxy = await serveProxy(model)
  line = await Line.open(() => proxy.port)
  token = await newVisitor(proxy.url)
})
afterEach(async () => {
  await line.close()
  await proxy.close()
})

const openChat = (id: string, messages: UIMessage[] = []): PlainChat =>
  new PlainChat({
    id,
    messages,
    transport: new DefaultChatTransport({
      api: `${line.url}/api/v1/ui/chat`,
      headers: { Authorization: `Bearer ${token}` },
    }),
  })

const texts = (chat: PlainChat): string[] => chat.messages.map(textOf)

describe('the published useChat core', () => {
  test('sends, streams and keeps the conversation', async () => {
    model.script = answering('Hel', 'lo.')
    const chat = openChat('chat_00001')
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

  test('shows what the model thinks before what it says', async () => {
    model.script = (call) => call.think('Hm.').say('Yes.').end()
    const chat = openChat('chat_00001')
    await chat.sendMessage({ text: 'Hello?' })
    expect(chat.lastMessage?.parts).toMatchObject([
      { type: 'reasoning', text: 'Hm.', state: 'done' },
      { type: 'text', text: 'Yes.', state: 'done' },
    ])
  })

  const CUTS: readonly Cut[] = (['reset', 'end'] as const).flatMap((kind) =>
    [1, 200, 900, 1_100, 1_500, 2_000, 2_600].map((afterBytes) => ({ kind, afterBytes })),
  )
  test.each(CUTS)(
    'whose line breaks ($kind after $afterBytes bytes) resumes to the same text',
    async (cut) => {
      const words = Array.from({ length: 20 }, (_, index) => `word ${index} `)
      const [chat, sent] = await brokenAt(cut, words)
      await sent
      expect(chat.status).toBe('error')
      await chat.resumeStream()
      expect(chat).toMatchObject({ status: 'ready', error: undefined })
      expect(texts(chat)).toEqual(['Count', words.join('')])
      expect(model.calls).toHaveLength(1)
    },
  )

  /** A chat whose first line breaks while the model speaks; the model goes on regardless. */
  async function brokenAt(cut: Cut, words: readonly string[]): Promise<[PlainChat, Promise<void>]> {
    const cuts: Cut[] = [cut]
    line.nextCut = () => cuts.shift() ?? null
    const chat = openChat('chat_00001')
    const sent = chat.sendMessage({ text: 'Count' })
    const call = await model.nextCall()
    for (const word of words) {
      call.say(word)
      await new Promise((resolve) => setImmediate(resolve))
    }
    call.end()
    return [chat, sent]
  }

  test('resumes in mid-answer and reads on live', async () => {
    const chat = openChat('chat_00001')
    const sent = chat.sendMessage({ text: 'Hello?' })
    const call = await model.nextCall()
    call.say('Hel')
    await expect.poll(() => textOf(chat.lastMessage)).toBe('Hel')
    line.cutAll()
    await sent
    const resumed = chat.resumeStream()
    await expect.poll(() => chat.status).toBe('streaming')
    call.say('lo.').end()
    await resumed
    expect(texts(chat)).toEqual(['Hello?', 'Hello.'])
    expect(model.calls).toHaveLength(1)
  })

  test('goes on in a second window, and after a reload', async () => {
    const chat = openChat('chat_00001')
    const sent = chat.sendMessage({ text: 'Hello?' })
    const call = await model.nextCall()
    call.say('Hel')
    await expect.poll(() => textOf(chat.lastMessage)).toBe('Hel')
    const [question] = chat.messages
    if (!question) throw new Error('The chat has lost its question.')
    const reloaded = openChat('chat_00001', [question])
    const resumed = reloaded.resumeStream()
    await expect.poll(() => textOf(reloaded.lastMessage)).toBe('Hel')
    call.say('lo.').end()
    await Promise.all([sent, resumed])
    const later = openChat('chat_00001', [...reloaded.messages])
    await later.resumeStream()
    for (const each of [chat, reloaded, later]) {
      expect(each.status).toBe('ready')
      expect(each.messages).toEqual(chat.messages)
      expect(texts(each)).toEqual(['Hello?', 'Hello.'])
    }
    expect(model.calls).toHaveLength(1)
  })

  test('finds nothing to resume in a new chat', async () => {
    const chat = openChat('chat_00001')
    await chat.resumeStream()
    expect(chat).toMatchObject({ status: 'ready', error: undefined, messages: [] })
  })

  test('shows a failure in words for people, and answers once more on demand', async () => {
    model.script = (call) => call.say('Half').fail(new ModelError('broken', 'secret words'))
    const chat = openChat('chat_00001')
    await chat.sendMessage({ text: 'Hello?' })
    expect(chat.status).toBe('error')
    expect(chat.error?.message).toBe('The answer broke off before it was complete.')
    model.script = answering('Whole.')
    await chat.regenerate()
    expect(chat.status).toBe('ready')
    expect(texts(chat)).toEqual(['Hello?', 'Whole.'])
  })

  test('changes a question, and regenerates an answer, as branches', async () => {
    model.script = answering('One.')
    const chat = openChat('chat_00001')
    await chat.sendMessage({ text: 'Hello?' })
    model.script = answering('Two.')
    await chat.sendMessage({ text: 'Hello, you?', messageId: chat.messages[0]?.id ?? '' })
    model.script = answering('Three.')
    await chat.regenerate({ messageId: chat.lastMessage?.id ?? '' })
    expect(texts(chat)).toEqual(['Hello, you?', 'Three.'])
    await chat.sendMessage({ text: 'And?' })
    expect(
      model.calls
        .at(-1)
        ?.request.messages.slice(1)
        .map(({ content }) => content),
    ).toEqual(['Hello, you?', 'Three.', 'And?'])
  })

  test('ends an answer by the stop of the run that its metadata names', async () => {
    const chat = openChat('chat_00001')
    const sent = chat.sendMessage({ text: 'Hello?' })
    const call = await model.nextCall()
    call.say('Half')
    await expect.poll(() => textOf(chat.lastMessage)).toBe('Half')
    // What `start` carries.
    const metadata = chat.lastMessage?.metadata as { run_id: string } | undefined
    await fetch(`${proxy.url}/api/v1/runs/${metadata?.run_id}/stop`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
    })
    await sent
    expect(call.signal.aborted).toBe(true)
    expect(chat.status).toBe('ready')
    expect(texts(chat)).toEqual(['Hello?', 'Half'])
  })

  test('is told in words when its token is no good', async () => {
    token = 'a.b.c'
    const chat = openChat('chat_00001')
    await chat.sendMessage({ text: 'Hello?' })
    expect(chat.status).toBe('error')
    expect(chat.error?.message).toContain('AuthenticationError')
  })
})
