import type { ChatMessage } from '@colloquy/chat-core'
import { expect } from 'chai'
import '../define.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { ChatRequestEvent } from '../requests/chat-request.js'
import { fakeMessage } from '../testing/fake-chat-client.js'
import { deepQuery, deepQueryAll, nextFrame, settled } from '../testing/shadow-dom.js'
import type { ChatMessageList } from './chat-message-list.js'

/** The newest `count` of a conversation of `of` messages. */
const newest = (count: number, of: number): ChatMessage[] =>
  Array.from({ length: of }, (_, index) =>
    fakeMessage({
      id: `m_${index}`,
      role: index % 2 ? 'assistant' : 'user',
      content: `message ${index}`,
      status: index % 2 ? 'done' : 'sent',
      parentId: index === 0 ? null : `m_${index - 1}`,
    }),
  ).slice(-count)

describe('a long conversation', () => {
  let list: ChatMessageList
  let requests: string[]

  before(() => messageParts.load())

  beforeEach(async () => {
    requests = []
    const frame = document.createElement('div')
    frame.style.cssText = 'display: flex; width: 400px; height: 500px'
    frame.addEventListener(ChatRequestEvent.type, (event) => {
      if (event instanceof ChatRequestEvent) requests.push(event.name)
    })
    list = document.createElement('chat-widget-message-list')
    frame.append(list)
    document.body.append(frame)
    await settled(list)
  })

  afterEach(() => document.body.replaceChildren())

  async function show(messages: readonly ChatMessage[]): Promise<void> {
    list.messages = messages
    await rest()
  }

  async function rest(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await settled(list)
      await nextFrame()
    }
  }

  const shown = (): (string | undefined)[] =>
    deepQueryAll(list, 'chat-widget-message').map(({ dataset }) => dataset['id'])
  const scroller = (): HTMLElement => deepQuery(list, '.scroller') ?? list
  const topOf = (id: string): number => deepQuery(list, `[data-id=${id}]`)?.getBoundingClientRect().top ?? NaN

  async function scrollTo(top: number): Promise<void> {
    scroller().scrollTop = top
    await rest()
  }

  it('of 10,000 messages has the newest on the page, at its end, and older ones as the reader goes up', async () => {
    await show(newest(10_000, 10_000))
    expect([shown().length, shown().at(-1)]).to.deep.equal([60, 'm_9999'])
    const { scrollTop, scrollHeight, clientHeight } = scroller()
    expect(scrollHeight - clientHeight - scrollTop).to.be.lessThan(2)
    for (const count of [120, 180, 240]) {
      await scrollTo(300)
      expect([shown().length, shown()[0]]).to.deep.equal([count, `m_${10_000 - count}`])
    }
    expect(requests).to.deep.equal([])
  })

  it('does not move what is read when older messages come above it', async () => {
    await show(newest(200, 200))
    // Everything around has its real height by then.
    for (const top of [2_000, 1_500, 1_000, 700]) await scrollTo(top)
    expect(shown().length).to.equal(60)
    scroller().scrollTop = 500
    const reading = shown().find((id) => id && topOf(id) > 0) ?? ''
    const before = topOf(reading)
    await rest()
    expect(shown().length).to.equal(120)
    expect(Math.abs(topOf(reading) - before)).to.be.lessThan(3)
  })

  it('asks the server for what came before, once, and shows it when it is there', async () => {
    await show(newest(70, 300))
    await scrollTo(0)
    await scrollTo(0)
    await scrollTo(10)
    await scrollTo(0)
    expect([shown().length, requests]).to.deep.equal([70, ['older-messages']])
    await show(newest(170, 300))
    await scrollTo(0)
    expect(shown().length).to.equal(170)
    await scrollTo(0)
    expect(requests).to.deep.equal(['older-messages', 'older-messages'])
    await show(newest(300, 300))
    await scrollTo(0)
    await scrollTo(0)
    await scrollTo(0)
    expect([shown().length, shown()[0]]).to.deep.equal([300, 'm_0'])
    await scrollTo(0)
    expect(requests.length, 'the first message has nothing before it').to.equal(2)
  })

  it('asks at once where what is here does not fill the room', async () => {
    await show([])
    await show(newest(2, 300))
    expect(requests).to.deep.equal(['older-messages'])
  })

  describe('with an answer of a million letters', () => {
    const MILLION = 1_000_000
    const paragraph = `${'Words with **weight** and a [link](https://example.com), again and again. '.repeat(25)}\n\n`
    const paragraphs = paragraph.repeat(Math.ceil(MILLION / paragraph.length)) + 'The end.'
    const line = `${'one word after the other '.repeat(MILLION / 25)}\n\nThe end.`

    const answer = (content: string, status: ChatMessage['status']): ChatMessage =>
      fakeMessage({ id: 'm_1', content, status, parentId: null })
    const content = (): Element | null | undefined =>
      deepQuery(list, 'chat-widget-markdown')?.shadowRoot?.querySelector('.content')
    const atEnd = (): boolean =>
      content()?.querySelector(':scope > :last-child > :last-child > :last-child')?.textContent === 'The end.'
    const untilEnd = async (): Promise<void> => {
      while (!atEnd()) await nextFrame()
    }

    async function stream(text: string): Promise<void> {
      for (let end = 50_000; end < text.length; end += 50_000) {
        list.messages = [answer(text.slice(0, end), 'streaming')]
        await nextFrame()
      }
      list.messages = [answer(text, 'done')]
      await untilEnd()
    }

    it('shows all of it, out of history', async () => {
      list.messages = [answer(paragraphs, 'done')]
      await rest()
      await untilEnd()
      expect(content()?.querySelectorAll('strong').length).to.equal(
        25 * Math.ceil(MILLION / paragraph.length),
      )
    }).timeout(90_000)

    it('shows all of it while it is written, also without a single end of a line', async () => {
      list.messages = []
      await rest()
      await stream(line)
      expect(content()?.textContent?.length).to.be.greaterThan(MILLION)
      // What grows is laid out anew with every frame: it must stay small.
      const pieces = [...(content()?.querySelectorAll('p') ?? [])].map(
        ({ textContent }) => textContent?.length ?? 0,
      )
      expect(Math.max(...pieces)).to.be.below(40_000)
    }).timeout(90_000)
  })
})
