import { expect } from 'chai'
import { ChatError, type ChatMessage as Message } from '@colloquy/chat-core'
import { loadRenderer } from '../chat-markdown/lazy-renderer.js'
import '../define.js'
import { en } from '../locale/en.js'
import { ChatRequestEvent } from '../requests/chat-request.js'
import { fakeMessage } from '../testing/fake-chat-client.js'
import { deepQuery, deepText, settled } from '../testing/shadow-dom.js'
import type { ChatMessage } from './chat-message.js'

describe('chat-message', () => {
  before(loadRenderer)
  afterEach(() => document.body.replaceChildren())

  async function show(change: Partial<Message>, retryable = true): Promise<ChatMessage> {
    const element = document.createElement('chat-widget-message')
    element.message = fakeMessage(change)
    element.retryable = retryable
    document.body.append(element)
    await settled(element)
    return element
  }

  it('shows a question as the text that it is', async () => {
    const element = await show({ role: 'user', content: '**not bold** <b>x</b>', status: 'sent' })
    expect(deepQuery(element, '.bubble')?.textContent).to.equal('**not bold** <b>x</b>')
  })

  it('shows an answer as Markdown', async () => {
    const element = await show({ content: 'so **bold**' })
    expect(deepQuery(element, 'strong')?.textContent).to.equal('bold')
  })

  it('shows that an answer is coming before its first word', async () => {
    const element = await show({ content: '', status: 'sending' })
    expect(deepQuery(element, '.dots') === null).to.equal(false)
    expect(deepText(element)).to.contain(en.writing)
    expect(deepQuery(element, 'article')?.getAttribute('aria-busy')).to.equal('true')
  })

  for (const status of ['failed', 'interrupted', 'stopped'] as const) {
    it(`offers to ask again when an answer was ${status}`, async () => {
      const element = await show({ status, content: 'half' })
      const requests: unknown[] = []
      element.addEventListener(ChatRequestEvent.type, (event) => {
        if (event instanceof ChatRequestEvent) requests.push([event.name, event.detail])
      })
      deepQuery(element, '.actions .button')?.click()
      expect(requests).to.deep.equal([['retry', { messageId: 'm_000001' }]])
      expect(deepText(element)).to.contain('half')
    })
  }

  it('offers nothing of the kind when it is done, blocked or not the last', async () => {
    for (const [status, retryable] of [
      ['done', true],
      ['blocked', true],
      ['failed', false],
    ] as const) {
      const element = await show({ status }, retryable)
      expect(deepQuery(element, '.actions .button') === null, status).to.equal(true)
    }
  })

  it('has words and a way on for every error there is', async () => {
    for (const code of Object.keys(en.errors) as (keyof typeof en.errors)[]) {
      const element = await show({ status: 'failed', error: new ChatError(code, 'internal words') })
      const text = deepQuery(element, '.problem')?.textContent ?? ''
      expect(text.trim().length, code).to.be.greaterThan(20)
      expect(text, code).not.to.contain('internal words')
      element.remove()
    }
  })

  it('says how long to wait', async () => {
    const error = new ChatError('rate_limited', '', { retryAfter: 41_500 })
    const element = await show({ status: 'failed', content: '', error })
    expect(deepText(element)).to.contain('in 42 seconds')
  })

  it('copies the source of the answer and says so', async () => {
    let copied = ''
    const { clipboard } = navigator
    const fake = { writeText: (text: string) => Promise.resolve(void (copied = text)) }
    Object.defineProperty(navigator, 'clipboard', { value: fake, configurable: true })
    try {
      const element = await show({ content: 'so **bold**' })
      deepQuery(element, '.copy')?.click()
      await settled(element)
      expect(copied).to.equal('so **bold**')
      expect(deepQuery(element, '.copy')?.getAttribute('aria-label')).to.equal('Copied')
    } finally {
      Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true })
    }
  })
})
