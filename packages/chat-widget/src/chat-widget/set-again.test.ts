import { expect } from 'chai'
import '../define.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { FakeChatClient, fakeMessage } from '../testing/fake-chat-client.js'
import { deepQuery, settled } from '../testing/shadow-dom.js'
import type { ChatWidget } from './chat-widget.js'

describe('a page that sets things again, as frameworks do', () => {
  let widget: ChatWidget

  before(() => messageParts.load())

  beforeEach(async () => {
    const client = new FakeChatClient()
    client.set({ messages: [fakeMessage({ id: 'a_1', content: 'A [link](https://a.example/).' })] })
    widget = document.createElement('chat-widget')
    widget.client = client
    widget.opened = true
    document.body.append(widget)
    await settled(widget)
  })

  afterEach(() => {
    widget.remove()
    sessionStorage.clear()
  })

  const link = (): Element | null => deepQuery(widget, 'a[href]')

  it('leaves the nodes of answers where the words are the same', async () => {
    widget.strings = { copy: 'Take' }
    await settled(widget)
    const before = link()
    widget.strings = { copy: 'Take' }
    await settled(widget)
    expect(before !== null && link() === before).to.equal(true)
  })

  it('shows answers anew where it lets them do something else', async () => {
    const before = link()
    widget.imageHosts = 'a.example'
    await settled(widget)
    expect(before !== null && link() !== before).to.equal(true)
  })

  it('has a part in its place also when its slot is named later', async () => {
    const part = document.createElement('b')
    widget.append(part)
    await settled(widget)
    part.slot = 'footer'
    await Promise.resolve()
    await settled(widget)
    expect(part.assignedSlot === null).to.equal(false)
  })
})
