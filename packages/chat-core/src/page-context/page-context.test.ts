import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createMemoryStorage } from '../history/index.js'
import { createOutbox } from '../outbox/index.js'
import type { SendMessageRequest } from '../protocol/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createVersions } from '../versions/index.js'
import { createPageContext, type PageFacts } from './index.js'

const KETTLE = { title: 'Blue kettle', product_id: 4711, in_stock: true, old_price: undefined }
const TOLD = { title: 'Blue kettle', product_id: '4711', in_stock: 'true' }

function scene() {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const storage = createMemoryStorage()
  const sent: SendMessageRequest[] = []
  const open = () =>
    createChatClient({
      baseUrl: 'https://chat.test',
      async fetch(input, init) {
        const response = await proxy.fetch(input, init)
        const { body } = init ?? {}
        if (proxy.requests.at(-1)?.endsWith('/messages') && typeof body === 'string')
          sent.push(JSON.parse(body))
        return response
      },
      platform,
      parts: {
        page: createPageContext(),
        versions: createVersions(),
        outbox: createOutbox({ storage }),
      },
    })
  return { platform, proxy, sent, open }
}

describe('what the page tells', () => {
  it('goes with every question from then on, until it is something else or nothing', async () => {
    const { platform, sent, open } = scene()
    const client = open()
    const ask = async (content: string): Promise<void> => {
      void client.send(content)
      await platform.settle()
    }
    await ask('Before')
    client.page.set(KETTLE)
    await ask('With')
    client.page.set({ title: 'Red pot' })
    await ask('Another')
    client.page.set(null)
    await ask('Without')
    expect(sent.map(({ context }) => context)).toEqual([undefined, TOLD, { title: 'Red pot' }, undefined])
  })

  it('goes with a question in other words, and not with an answer that is made again', async () => {
    const { platform, sent, open } = scene()
    const client = open()
    client.page.set(KETTLE)
    void client.send('How much is it?')
    await platform.settle()
    const [question, answer] = client.getSnapshot().messages
    void client.versions.edit(question?.id ?? '', 'How big is it?')
    await platform.settle()
    void client.versions.regenerate(answer?.id ?? '')
    await platform.settle()
    expect(sent).toMatchObject([
      { content: 'How much is it?', context: TOLD },
      { edit: question?.id, context: TOLD },
      { regenerate: answer?.id },
    ])
    expect(sent[1]).not.toHaveProperty('parent_id')
    expect(sent[2]).not.toHaveProperty('context')
  })

  it('stays with a question that waits for its line, whatever page is open when that is back', async () => {
    const { platform, sent, open } = scene()
    platform.setOnline(false)
    const before = open()
    before.page.set(KETTLE)
    void before.send('How much is it?')
    await platform.advance(100)
    before.destroy()
    const after = open()
    after.page.set({ title: 'Red pot' })
    void after.start()
    platform.setOnline(true)
    await platform.settle()
    expect(sent).toMatchObject([{ content: 'How much is it?', context: TOLD }])
  })

  it('is what any server takes: halves of pairs are replaced', async () => {
    const { platform, sent, open } = scene()
    const client = open()
    client.page.set({ 'na\0me': 'half \ud83d of a pair' })
    void client.send('Hello')
    await platform.settle()
    expect(sent[0]?.context).toEqual({ 'na\ufffdme': 'half \ufffd of a pair' })
  })

  it('is refused where it is too much or no text, and what was told before stays', async () => {
    const { platform, sent, open } = scene()
    const client = open()
    const whole = (chars: number): PageFacts => ({ t: 'x'.repeat(chars - '{"t":""}'.length) })
    expect(() => client.page.set(whole(4_000))).not.toThrow()
    client.page.set(KETTLE)
    expect(() => client.page.set(whole(4_001))).toThrow(expect.objectContaining({ code: 'too_long' }))
    const noText: unknown = { title: { de: 'Kessel' } }
    // What a page without types may give.
    expect(() => client.page.set(noText as PageFacts)).toThrow(expect.objectContaining({ code: 'protocol' }))
    void client.send('Hello')
    await platform.settle()
    expect(sent[0]?.context).toEqual(TOLD)
  })
})
