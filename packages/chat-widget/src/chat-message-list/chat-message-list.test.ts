import { expect } from 'chai'
import '../define.js'
import { fakeMessage } from '../testing/fake-chat-client.js'
import { deepQuery, nextFrame, settled } from '../testing/shadow-dom.js'
import type { ChatMessageList } from './chat-message-list.js'

const longText = 'word '.repeat(2_000)

describe('chat-message-list', () => {
  let list: ChatMessageList

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
})
