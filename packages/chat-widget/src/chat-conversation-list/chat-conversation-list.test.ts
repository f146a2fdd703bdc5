import { expect } from 'chai'
import '../define.js'
import { listParts } from '../parts/lazy-parts.js'
import { ChatRequestEvent } from '../requests/chat-request.js'
import type { ChatConversationList } from './chat-conversation-list.js'

describe('chat-conversation-list', () => {
  let list: ChatConversationList
  let requests: [string, unknown][]

  before(() => listParts.load())

  beforeEach(async () => {
    list = document.createElement('chat-widget-conversation-list')
    list.conversations = ['c_1', 'c_2'].map((id) => ({
      id,
      title: `Title ${id}`,
      createdAt: 1,
      updatedAt: 2,
    }))
    list.current = 'c_2'
    requests = []
    list.addEventListener(ChatRequestEvent.type, (event) => {
      if (event instanceof ChatRequestEvent) requests.push([event.name, event.detail])
    })
    document.body.append(list)
    await list.updateComplete
  })

  afterEach(() => list.remove())

  const find = (selector: string): HTMLElement | null => list.renderRoot.querySelector<HTMLElement>(selector)

  async function click(selector: string): Promise<void> {
    find(selector)?.click()
    await list.updateComplete
  }

  it('opens a conversation and marks the open one', async () => {
    expect(find('[aria-current=true]')?.textContent).to.contain('Title c_2')
    await click('.open')
    expect(requests).to.deep.equal([['open-conversation', { id: 'c_1' }]])
  })

  it('starts a new one', async () => {
    await click('.new')
    expect(requests).to.deep.equal([['new-conversation', null]])
  })

  it('deletes only after a yes', async () => {
    await click('.delete')
    expect(requests).to.deep.equal([])
    expect(list.shadowRoot?.activeElement?.className).to.contain('cancel')
    await click('.confirm')
    expect(requests).to.deep.equal([['delete-conversation', { id: 'c_1' }]])
  })

  it('gives the focus back when the visitor thinks better of it', async () => {
    await click('.delete')
    find('.question')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await list.updateComplete
    expect(requests).to.deep.equal([])
    expect(list.shadowRoot?.activeElement?.getAttribute('aria-label')).to.equal('Delete “Title c_1”')
  })

  it('says what belongs here while it is empty', async () => {
    list.conversations = []
    await list.updateComplete
    expect(find('.empty')?.textContent).to.contain('will appear here')
  })
})
