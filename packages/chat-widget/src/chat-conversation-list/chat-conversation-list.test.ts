import { expect } from 'chai'
import '../define.js'
import { listParts } from '../parts/parts-on-demand.js'
import { FakeClock } from '../testing/fake-clock.js'
import { ChatRequestEvent } from '../requests/chat-request.js'
import { letterBox } from '../testing/shadow-dom.js'
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

  it('cuts a title at its end, in whichever direction the list goes', async () => {
    const title = 'A title of so many words that no list is wide enough for it. '.repeat(6)
    for (const dir of ['ltr', 'rtl']) {
      list.dir = dir
      list.conversations = [{ id: 'c_1', title, createdAt: 1, updatedAt: 2 }]
      await list.updateComplete
      const shown = find('.title')
      if (!shown) throw new Error('no title')
      const { left, right } = shown.getBoundingClientRect()
      expect(letterBox(shown, 0).left, dir).to.be.within(left, right)
    }
  })

  it('starts a new one', async () => {
    await click('.new')
    expect(requests).to.deep.equal([['new-conversation', null]])
  })

  const press = async (
    target: Element | null,
    key: string,
    more: KeyboardEventInit = {},
  ): Promise<KeyboardEvent> => {
    const event = new KeyboardEvent('keydown', {
      key,
      bubbles: true,
      composed: true,
      cancelable: true,
      ...more,
    })
    target?.dispatchEvent(event)
    await list.updateComplete
    return event
  }

  async function write(selector: string, text: string): Promise<HTMLInputElement> {
    const input = list.renderRoot.querySelector<HTMLInputElement>(selector)
    if (!input) throw new Error(`no ${selector}`)
    input.value = text
    input.dispatchEvent(new Event('input'))
    await list.updateComplete
    return input
  }

  const titles = (): (string | undefined)[] =>
    [...list.renderRoot.querySelectorAll('span.title')].map(({ textContent }) => textContent ?? undefined)
  const focused = (): string | undefined =>
    (list.shadowRoot?.activeElement as HTMLElement | null)?.dataset['open']

  it('deletes at once, and puts the focus on what takes its place', async () => {
    await click('.delete')
    expect(requests).to.deep.equal([['delete-conversation', { id: 'c_1' }]])
    list.conversations = list.conversations.slice(1)
    await list.updateComplete
    expect(focused()).to.equal('c_2')
    await press(find('.open'), 'Delete')
    list.conversations = []
    await list.updateComplete
    expect([requests[1], list.shadowRoot?.activeElement?.className]).to.deep.equal([
      ['delete-conversation', { id: 'c_2' }],
      'button quiet new',
    ])
  })

  it('brings back what was deleted last with Ctrl+Z, and the focus to it', async () => {
    const [first, second] = list.conversations
    await click('.delete')
    list.conversations = [second].filter((each) => each !== undefined)
    await list.updateComplete
    await press(find('.open'), 'z', { keyCode: 90 })
    await press(find('.open'), 'я', { keyCode: 90, ctrlKey: true })
    expect(requests.slice(1)).to.deep.equal([['act-on-notice', null]])
    list.conversations = [first, second].filter((each) => each !== undefined)
    await list.updateComplete
    expect(focused()).to.equal('c_1')
  })

  it('leaves Ctrl+Z, and the focus, to what is being written', async () => {
    const before = list.conversations
    await click('.delete')
    const input = await write('[type=search]', 'title')
    input.focus()
    await press(input, 'z', { keyCode: 90, ctrlKey: true })
    list.conversations = before.slice(1)
    await list.updateComplete
    list.conversations = before
    await list.updateComplete
    expect(list.shadowRoot?.activeElement === input).to.equal(true)
    expect(requests).to.deep.equal([['delete-conversation', { id: 'c_1' }]])
  })

  it('renames in place with Enter, and with Escape does not', async () => {
    await click('.rename')
    const input = await write('input.title', '  Shoes ')
    expect([list.shadowRoot?.activeElement, input.selectionEnd]).to.deep.equal([input, 8])
    await press(input, 'Enter')
    expect(requests).to.deep.equal([['rename-conversation', { id: 'c_1', title: 'Shoes' }]])
    expect(focused()).to.equal('c_1')
    await press(find('.open'), 'F2')
    const heard: Event[] = []
    list.addEventListener('keydown', (event) => heard.push(event))
    await press(await write('input.title', 'Boots'), 'Escape')
    expect([requests.length, heard, focused()]).to.deep.equal([1, [], 'c_1'])
  })

  it('renames when the focus goes elsewhere, and never to nothing', async () => {
    await click('.rename')
    await write('input.title', 'Shoes')
    find('.new')?.focus()
    await list.updateComplete
    await click('.rename')
    await write('input.title', ' ')
    find('.new')?.focus()
    expect(requests).to.deep.equal([['rename-conversation', { id: 'c_1', title: 'Shoes' }]])
  })

  it('finds titles at once, and asks the server for what is in messages', async () => {
    const clock = new FakeClock()
    try {
      await write('[type=search]', 'title C_2')
      expect(titles()).to.deep.equal(['Title c_2'])
      await write('[type=search]', 'title c_9')
      expect([titles(), find('.empty')?.textContent]).to.deep.equal([[], ''])
      clock.advance(250)
      expect(requests).to.deep.equal([['search-conversations', { query: 'title c_9' }]])
      const old = { id: 'c_9', title: 'From long ago', createdAt: 1, updatedAt: 1 }
      list.found = { query: 'title c_9', conversations: [old] }
      await list.updateComplete
      expect([titles(), find('[role=status]')?.textContent]).to.deep.equal([['From long ago'], '1 found'])
      list.found = { query: 'title c_9', conversations: [] }
      await list.updateComplete
      expect(find('.empty')?.textContent).to.equal('Nothing found.')
    } finally {
      clock.restore()
    }
  })

  it('leaves the search with the first Escape, and itself with the second', async () => {
    const heard: Event[] = []
    list.addEventListener('keydown', (event) => heard.push(event))
    const input = await write('[type=search]', 'c_2')
    await press(input, 'Escape')
    expect([heard.length, titles().length]).to.deep.equal([0, 2])
    await press(input, 'Escape')
    expect(heard.length).to.equal(1)
  })

  it('goes through with the arrow keys, from what is above it and back', async () => {
    list.focus()
    await press(list.shadowRoot?.activeElement ?? null, 'ArrowDown')
    expect(focused()).to.equal('c_1')
    find('[type=search]')?.focus()
    await press(find('[type=search]'), 'ArrowDown')
    expect(focused()).to.equal('c_1')
    await press(list.shadowRoot?.activeElement ?? null, 'ArrowDown')
    expect(focused()).to.equal('c_2')
    await press(list.shadowRoot?.activeElement ?? null, 'Home')
    await press(list.shadowRoot?.activeElement ?? null, 'ArrowUp')
    expect(list.shadowRoot?.activeElement === find('[type=search]')).to.equal(true)
  })

  it('says what belongs here while it is empty', async () => {
    list.conversations = []
    await list.updateComplete
    expect(find('.empty')?.textContent).to.contain('will appear here')
  })
})
