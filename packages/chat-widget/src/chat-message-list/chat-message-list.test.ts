import { ChatError } from '@colloquy/chat-core'
import { expect } from 'chai'
import '../define.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { toolParts } from '../parts/tools-on-demand.js'
import { ChatRequestEvent } from '../requests/chat-request.js'
import { fakeMessage } from '../testing/fake-chat-client.js'
import { deepFocus, deepQuery, deepQueryAll, nextFrame, settled } from '../testing/shadow-dom.js'
import type { ChatMessageList } from './chat-message-list.js'

const longText = 'word '.repeat(2_000)

describe('chat-message-list', () => {
  let list: ChatMessageList

  before(() => Promise.all([messageParts.load(), toolParts.load()]))

  beforeEach(async () => {
    const frame = document.createElement('div')
    frame.style.cssText = 'display: flex; width: 300px; height: 300px'
    list = document.createElement('chat-widget-message-list')
    frame.append(list)
    document.body.append(frame)
    await settled(list)
  })

  afterEach(() => document.body.replaceChildren())

  async function show(...messages: Parameters<typeof fakeMessage>[0][]): Promise<void> {
    list.messages = messages.map((message) => fakeMessage(message))
    await settled(list)
    await nextFrame()
    await nextFrame()
  }

  const scroller = (): HTMLElement => deepQuery(list, '.scroller') ?? list
  const distance = (): number => scroller().scrollHeight - scroller().clientHeight - scroller().scrollTop

  async function scrollTo(top: number): Promise<void> {
    scroller().scrollTop = top
    await nextFrame()
    await nextFrame()
    await settled(list)
  }

  it('follows the end while an answer grows', async () => {
    await show({ id: 'm_1', status: 'streaming', content: 'word '.repeat(200) })
    await show({ id: 'm_1', status: 'streaming', content: longText })
    expect(distance()).to.be.lessThan(2)
  })

  it('shows the beginning of what stands in an empty conversation, also behind a long one', async () => {
    const welcome = document.createElement('p')
    welcome.style.height = '1000px'
    list.append(welcome)
    await show()
    expect(scroller().scrollTop).to.equal(0)
    await show({ id: 'm_1', content: longText })
    expect(distance()).to.be.lessThan(2)
    await show()
    expect([scroller().scrollTop, distance() > 700]).to.deep.equal([0, true])
  })

  it('leaves room for the outline of a button that stands over the edge of its message', async () => {
    await show({ id: 'm_1', content: 'Hello' })
    const message = deepQuery(list, 'chat-widget-message')
    const button = message && deepQuery(message, '.icon-button')
    if (!message || !button) throw new Error('no button')
    button.focus({ focusVisible: true })
    const { outlineWidth, outlineOffset } = getComputedStyle(button)
    const over = button.getBoundingClientRect().bottom - message.getBoundingClientRect().bottom
    const room = Number.parseFloat(getComputedStyle(message).overflowClipMargin)
    expect(over + Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset)).to.be.at.most(room)
  })

  it('writes no answer to a question that waits for the line, and begins when it goes out', async () => {
    const asked = async (status: 'queued' | 'sending'): Promise<void> =>
      show(
        { id: 'm_1', role: 'user', content: 'Hello?', status },
        { id: 'a_1', content: '', status: 'sending' },
      )
    const answer = (): Element | null => deepQuery(list, '[data-id="a_1"]')
    await asked('queued')
    expect([deepQuery(list, '[data-id="m_1"]') !== null, answer()]).to.deep.equal([true, null])
    await asked('sending')
    expect(answer() === null).to.equal(false)
  })

  it('stays where the reader scrolled to, and offers the way back', async () => {
    await show({ id: 'm_1', status: 'streaming', content: longText })
    await scrollTo(100)
    await show({ id: 'm_1', status: 'streaming', content: longText + longText })
    expect(scroller().scrollTop).to.equal(100)
    deepQuery(list, '.jump')?.click()
    await settled(list)
    await nextFrame()
    expect(distance()).to.be.lessThan(2)
    expect(deepQuery(list, '.jump') === null).to.equal(true)
  })

  it('goes to the end for a new question of the reader', async () => {
    await show({ id: 'm_1', content: longText })
    await scrollTo(0)
    await show(
      { id: 'm_1', content: longText },
      { id: 'm_2', role: 'user', status: 'sending', content: 'Next' },
    )
    expect(distance()).to.be.lessThan(2)
  })

  it('speaks a whole answer when it has ended, and nothing before', async () => {
    await show({ id: 'm_1', status: 'streaming', content: 'Half **an' })
    expect(deepQuery(list, '[role=status]')?.textContent).to.equal('')
    await show({ id: 'm_1', status: 'done', content: 'Half **an answer** and the rest' })
    expect(deepQuery(list, '[role=status]')?.textContent).to.equal('Half an answer and the rest')
  })

  it('has nothing of an answer to speak any more where another conversation is shown, or none', async () => {
    for (const next of [[], [{ id: 'm_9', role: 'user', content: 'Of somebody else' }]] as const) {
      await show({ id: 'm_1', status: 'streaming', content: 'A' })
      await show({ id: 'm_1', status: 'done', content: 'A secret' })
      expect(deepQuery(list, '[role=status]')?.textContent).to.equal('A secret')
      await show(...next)
      expect(deepQuery(list, '[role=status]')?.textContent).to.equal('')
    }
  })

  it('speaks the blocks of an answer apart, and none of the buttons in it', async () => {
    const content =
      'Yes: **5** days.\n\n- one `x`\n- t**w**o\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx()\n```\n\nEnd.'
    await show({ id: 'm_1', status: 'streaming', content })
    await show({ id: 'm_1', status: 'done', content })
    expect(deepQuery(list, '[role=status]')?.textContent).to.equal(
      'Yes: 5 days. one x two a b 1 2 js x() End.',
    )
  })

  it('says all of an answer once it is shown, but of a very long one its beginning', async () => {
    const said = async (content: string): Promise<string> => {
      await show({ id: 'm_1', status: 'streaming', content: 'Now ' })
      await show({ id: 'm_1', status: 'done', content: `Now ${content}` })
      const status = (): string => deepQuery(list, '[role=status]')?.textContent ?? ''
      while (!status().startsWith('Now ')) await nextFrame()
      const words = status()
      list.messages = []
      await settled(list)
      await show({ id: 'm_2', status: 'streaming', content: '' })
      await show({ id: 'm_2', status: 'done', content: 'Other' })
      return words
    }
    expect((await said(longText.slice(0, 9_000))).length).to.equal(9_003)
    expect(await said(longText.repeat(2))).to.match(/^Now [^]{9900,9996}word …$/)
  })

  it('does not speak history', async () => {
    await show({ id: 'm_1', status: 'done', content: 'Old' })
    expect(deepQuery(list, '[role=status]')?.textContent).to.equal('')
  })

  it('keeps the elements of messages that did not change', async () => {
    await show({ id: 'm_1' }, { id: 'm_2', status: 'streaming', content: 'a' })
    const first = deepQuery(list, '[data-id=m_1]')
    await show({ id: 'm_1' }, { id: 'm_2', status: 'done', content: 'a b' })
    expect(deepQuery(list, '[data-id=m_1]') === first).to.equal(true)
  })

  it('speaks what went wrong with an answer, and what to do', async () => {
    await show({ id: 'm_1', status: 'streaming', content: 'Half' })
    await show({ id: 'm_1', status: 'failed', content: 'Half', error: new ChatError('timeout', '') })
    expect(deepQuery(list, '[role=status]')?.textContent).to.equal(
      'Half The server took too long. Try again in a moment.',
    )
  })

  it('shows where another day begins, and nothing while all are of today', async () => {
    const days = (): string[] => deepQueryAll(list, '.day').map((day) => day.textContent?.trim() ?? '')
    const today = new Date().setHours(12, 0, 0, 0)
    await show({ id: 'm_1', createdAt: today }, { id: 'm_2', createdAt: today })
    expect(days()).to.deep.equal([])
    const yesterday = new Date(today).setDate(new Date(today).getDate() - 1)
    await show(
      { id: 'm_1', createdAt: Date.UTC(2020, 4, 17, 12) },
      { id: 'm_2', createdAt: yesterday },
      { id: 'm_3', createdAt: yesterday + 1 },
      { id: 'm_4', createdAt: today },
    )
    expect(days()).to.deep.equal(['May 17, 2020', 'yesterday', 'today'])
    // The server's time, where the visitor's clock is a day behind.
    const tomorrow = new Date(today).setDate(new Date(today).getDate() + 1)
    await show({ id: 'm_5', createdAt: tomorrow }, { id: 'm_6', createdAt: today })
    expect(days()).to.deep.equal([])
  })

  describe('versions', () => {
    const ids = ['m_2a', 'm_2b', 'm_2c']

    async function showVersion(id: string): Promise<void> {
      list.versions = new Map(ids.map((version) => [version, ids]))
      await show({ id: 'm_1', role: 'user', status: 'sent' }, { id, content: `Version ${id}` })
    }

    it('say which of them is shown, in words too', async () => {
      await showVersion('m_2b')
      const group = deepQuery(list, '[role=group]')
      expect([group?.textContent?.trim(), group?.ariaLabel]).to.deep.equal(['2/3', 'Version 2 of 3'])
    })

    it('are asked for one by one, with the focus on the same button of the other version', async () => {
      const requests: unknown[] = []
      list.addEventListener(ChatRequestEvent.type, (event) => {
        if (event instanceof ChatRequestEvent) requests.push(event.detail)
      })
      await showVersion('m_2b')
      deepQuery(list, '.next')?.focus()
      deepQuery(list, '.next')?.click()
      await showVersion('m_2c')
      expect(requests).to.deep.equal([{ messageId: 'm_2c', step: 1 }])
      expect(deepQuery(list, '[role=group]')?.ariaLabel).to.equal('Version 3 of 3')
      expect(deepFocus() === deepQuery(list, '.next')).to.equal(true)
      deepQuery(list, '.next')?.click()
      expect(requests.length).to.equal(1)
      expect(deepQuery(list, '.next')?.ariaDisabled).to.equal('true')
    })

    it('are not offered where there is one', async () => {
      list.versions = new Map()
      await show({ id: 'm_1' })
      expect(deepQuery(list, '.versions') === null).to.equal(true)
    })
  })
})
