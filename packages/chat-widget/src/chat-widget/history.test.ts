import { browserPlatform, createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createPageContext } from '@colloquy/chat-core/page-context'
import { createFeedback } from '@colloquy/chat-core/feedback'
import { createIdentity } from '@colloquy/chat-core/identity'
import { createHistory } from '@colloquy/chat-core/history'
import { createVersions } from '@colloquy/chat-core/versions'
import { ScriptedProxy } from '@colloquy/chat-core/testing'
import { expect } from 'chai'
import '../define.js'
import { createIndexedDbStorage } from '../storage/indexeddb-storage.js'
import { deepQuery, deepQueryAll, deepText, settled } from '../testing/shadow-dom.js'
import type { ChatWidget } from './chat-widget.js'

describe('history of chat-widget', () => {
  const database = `history-test-${Date.now()}`
  const clients: ChatClient[] = []
  let proxy: ScriptedProxy

  beforeEach(() => {
    proxy = new ScriptedProxy({
      platform: browserPlatform(),
      words: () => ['It takes ', '**3 days**.'],
      gapMs: 1,
    })
  })

  afterEach(() => {
    document.body.replaceChildren()
    for (const client of clients.splice(0)) client.destroy()
  })

  /** The widget as a page load would make it: nothing in common with the one before but the browser's database. */
  function loadPage(): ChatWidget {
    document.body.replaceChildren()
    const client = createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      parts: {
        history: createHistory({ storage: createIndexedDbStorage(database) }),
        versions: createVersions(),
        feedback: createFeedback(),
        identity: createIdentity(),
        pageContext: createPageContext(),
      },
    })
    clients.push(client)
    const widget = document.createElement('chat-widget')
    widget.client = client
    document.body.append(widget)
    return widget
  }

  async function untilShown(widget: ChatWidget, text: string): Promise<void> {
    while (!deepText(widget).includes(text)) await settled(widget)
  }

  it('is there after a reload, before the network answers', async () => {
    const first = loadPage()
    first.open()
    const { status } = await first.send('How long does shipping take?')
    expect(status).to.equal('done')
    await untilShown(first, 'It takes 3 days.')
    clients[0]?.destroy()
    proxy.fault = () => ({ kind: 'hang' })
    const second = loadPage()
    second.open()
    await untilShown(second, 'It takes 3 days.')
    expect(deepText(second)).to.contain('How long does shipping take?')
  })

  it('is shown without what is broken in the database, which is dropped and told of', async () => {
    const proxyUrl = `http://127.0.0.1:9/broken-${Date.now()}`
    const storage = createIndexedDbStorage(`colloquy:${proxyUrl}`)
    const good = {
      conversationId: 'c_kept01',
      role: 'user',
      content: 'Kept',
      status: 'sent',
      createdAt: 1,
      parentId: null,
      runId: null,
    } as const
    await storage.write([
      { put: 'conversations', record: { id: 'c_kept01', title: 'T', createdAt: 1, updatedAt: 1 } },
      { put: 'messages', record: { ...good, id: 'm_1', position: 1 } },
      {
        put: 'messages',
        record: { ...good, id: 'm_2', position: 2, content: { not: 'text' } as unknown as string },
      },
      { put: 'messages', record: { ...good, id: 'm_3', position: 3, createdAt: NaN } },
      { put: 'meta', record: { id: 'open', value: 'c_kept01' } },
      { put: 'meta', record: { id: 'session', value: 'nonsense' } },
    ])
    const widget = document.createElement('chat-widget')
    widget.proxy = proxyUrl
    const told: unknown[] = []
    widget.addEventListener('chat-storage', ({ detail }) => told.push(detail.reason))
    document.body.append(widget)
    widget.open()
    await untilShown(widget, 'Kept')
    while (told.length === 0) await settled(widget)
    expect(String(told[0])).to.contain('2 broken records')
    expect((await storage.messagesOf('c_kept01')).map(({ id }) => id)).to.deep.equal(['m_1'])
    expect(deepText(widget)).to.contain('Kept')
  })

  it('keeps every version of an answer and of a question, and shows the one that is chosen', async () => {
    let count = 0
    proxy = new ScriptedProxy({
      platform: browserPlatform(),
      words: (text) => [`${text} ${(count += 1)}`],
      gapMs: 1,
    })
    const widget = loadPage()
    widget.open()
    await widget.send('Hello')
    await untilShown(widget, 'Hello 1')
    const press = async (selector: string): Promise<void> => {
      while (!deepQuery(widget, selector)) await settled(widget)
      deepQuery(widget, selector)?.click()
      await settled(widget)
    }
    await press('.regenerate')
    await untilShown(widget, 'Hello 2')
    await press('.previous')
    await untilShown(widget, 'Hello 1')
    await press('.edit')
    const part = deepQuery(widget, 'chat-widget-message-editor')
    const editor = part && deepQueryAll<HTMLTextAreaElement>(part, 'textarea')[0]
    if (!editor) throw new Error('no editor')
    editor.value = 'Goodbye'
    editor.dispatchEvent(new Event('input'))
    editor.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await untilShown(widget, 'Goodbye 3')
    await press('.previous')
    await untilShown(widget, 'Hello 1')
    expect(proxy.generations).to.equal(3)
  })
})
