import { expect } from 'chai'
import { ChatError } from '@colloquy/chat-core'
import '../define.js'
import type { ChatPanel } from '../chat-panel/chat-panel.js'
import type { ChatWidgetEventMap } from '../events/events.js'
import { FakeChatClient, fakeMessage, session } from '../testing/fake-chat-client.js'
import { deepFocus, deepQuery, deepQueryAll, deepText, nextFrame, settled } from '../testing/shadow-dom.js'
import type { ChatWidget } from './chat-widget.js'

describe('chat-widget', () => {
  let client: FakeChatClient

  beforeEach(() => {
    client = new FakeChatClient()
  })

  afterEach(() => document.body.replaceChildren())

  async function mount(attributes = ''): Promise<ChatWidget> {
    const holder = document.createElement('div')
    holder.innerHTML = `<chat-widget ${attributes}></chat-widget>`
    const widget = holder.querySelector('chat-widget')
    if (!widget) throw new Error('not registered')
    widget.client = client
    document.body.append(holder)
    await settled(widget)
    return widget
  }

  function heard<K extends keyof ChatWidgetEventMap>(name: K): ChatWidgetEventMap[K][] {
    const events: ChatWidgetEventMap[K][] = []
    document.addEventListener(name, (event) => events.push(event))
    return events
  }

  const dialog = (widget: ChatWidget) => widget.shadowRoot?.querySelector('dialog')
  const panel = (widget: ChatWidget) => deepQueryAll<ChatPanel>(widget, 'chat-widget-panel')[0]

  it('does nothing on the network until it is opened', async () => {
    const widget = await mount()
    expect(client.calls).to.deep.equal([])
    widget.open()
    await settled(widget)
    expect(client.calls).to.deep.equal(['start()'])
  })

  it('opens and closes by launcher, method and attribute, and tells the page', async () => {
    const opened = heard('chat-open')
    const closed = heard('chat-close')
    const widget = await mount()
    deepQuery(widget, '[part=launcher]')?.click()
    await settled(widget)
    expect(dialog(widget)?.open).to.equal(true)
    expect(widget.hasAttribute('open')).to.equal(true)
    widget.close()
    await settled(widget)
    expect(dialog(widget)?.open).to.equal(false)
    widget.setAttribute('open', '')
    await settled(widget)
    expect(dialog(widget)?.open).to.equal(true)
    expect([opened.length, closed.length]).to.deep.equal([2, 1])
  })

  it('moves the focus into the text and back to the launcher', async () => {
    const widget = await mount()
    deepQuery(widget, '[part=launcher]')?.click()
    await settled(widget)
    expect(deepFocus()?.localName).to.equal('textarea')
    dialog(widget)?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await settled(widget)
    expect(widget.opened).to.equal(false)
    expect(deepFocus()?.getAttribute('part')).to.equal('launcher')
  })

  it('does not take the focus when the page loads with it open', async () => {
    const input = document.createElement('input')
    document.body.append(input)
    input.focus()
    const widget = await mount('open')
    expect(dialog(widget)?.open).to.equal(true)
    expect(document.activeElement === input).to.equal(true)
  })

  it('names the dialog after the heading', async () => {
    const widget = await mount('heading="Support" open')
    expect(dialog(widget)?.getAttribute('aria-label')).to.equal('Support')
    expect(deepQuery(widget, '[part=heading]')?.textContent).to.equal('Support')
  })

  it('shows the greeting and suggestions of the server, and sends a suggestion', async () => {
    const widget = await mount('open')
    expect(deepText(widget)).to.contain('Hello! What would you like to know?')
    deepQuery(widget, '.suggestion')?.click()
    await settled(widget)
    expect(client.calls).to.include('send(How does shipping work?)')
  })

  it('prefers the greeting of the site', async () => {
    const widget = await mount('open greeting="Welcome to the shop"')
    expect(deepText(widget)).to.contain('Welcome to the shop')
    expect(deepText(widget)).not.to.contain('What would you like to know?')
  })

  it('says that a demo model answers', async () => {
    const sessions = heard('chat-session')
    const widget = await mount('open')
    expect(deepQuery(widget, '.demo')?.textContent).to.equal('Demo model')
    expect(sessions.map(({ detail }) => detail.features.demo)).to.deep.equal([true])
  })

  it('tells the page about a sent question and an ended answer, but not about history', async () => {
    const messages = heard('chat-message')
    const widget = await mount('open')
    client.set({ messages: [fakeMessage({ id: 'm_old001' })] })
    await widget.send('Hello')
    client.put(fakeMessage({ id: 'm_answer1', content: 'Hi', status: 'streaming' }))
    client.put(fakeMessage({ id: 'm_answer1', content: 'Hi there', status: 'done' }))
    expect(messages.map(({ detail }) => [detail.role, detail.content])).to.deep.equal([
      ['user', 'Hello'],
      ['assistant', 'Hi there'],
    ])
  })

  it('tells the page about an error and shows it in words with a way on', async () => {
    const errors = heard('chat-error')
    const widget = await mount('open')
    client.set({ error: new ChatError('protocol', 'not a proxy') })
    await settled(widget)
    expect(errors.map(({ detail }) => detail.code)).to.deep.equal(['protocol'])
    expect(deepText(widget)).to.contain('The chat service cannot be reached.')
    deepQuery(widget, '.failure button')?.click()
    expect(client.calls).to.deep.equal(['start()', 'start()'])
  })

  it('says when the visitor is offline', async () => {
    const widget = await mount('open')
    client.set({ online: false })
    await settled(widget)
    expect(deepText(widget)).to.contain('You are offline.')
  })

  it('passes requests of its parts to the client and keeps them from the page', async () => {
    const leaked: Event[] = []
    document.addEventListener('chat-widget-request', (event) => leaked.push(event))
    const widget = await mount('open')
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    expect(panel(widget)?.view).to.equal('conversations')
    client.set({ conversations: [{ id: 'c_1', title: 'Shoes', createdAt: 1, updatedAt: 2 }] })
    await settled(widget)
    deepQuery(widget, '.open')?.click()
    await settled(widget)
    expect(client.calls.slice(1)).to.deep.equal(['history.list()', 'history.open(c_1)'])
    expect(panel(widget)?.view).to.equal('messages')
    expect(leaked).to.deep.equal([])
  })

  it('goes from the list of conversations back to the messages with Escape, then closes', async () => {
    const widget = await mount('open')
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    const press = () =>
      panel(widget)?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
      )
    press()
    await settled(widget)
    expect([panel(widget)?.view, widget.opened]).to.deep.equal(['messages', true])
    press()
    await settled(widget)
    expect(widget.opened).to.equal(false)
  })

  it('keeps the draft while the list of conversations is shown', async () => {
    const widget = await mount('open')
    const input = deepQueryAll<HTMLTextAreaElement>(widget, 'textarea')[0]
    if (!input) throw new Error('no composer')
    input.value = 'half a thought'
    input.dispatchEvent(new Event('input'))
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    expect(deepQueryAll<HTMLTextAreaElement>(widget, 'textarea')[0]?.value).to.equal('half a thought')
  })

  it('fills its own element in inline mode, without launcher', async () => {
    const widget = await mount('mode="inline"')
    expect(widget.shadowRoot?.querySelectorAll('dialog, chat-widget-launcher').length).to.equal(0)
    expect(widget.shadowRoot?.querySelector('section')?.getBoundingClientRect().height).to.equal(640)
    expect(client.calls).to.deep.equal(['start()'])
  })

  it('warns once about a value it does not know and uses the default', async () => {
    const warnings: unknown[] = []
    const { warn } = console
    console.warn = (text: unknown) => warnings.push(text)
    try {
      const first = await mount('mode="sideways" theme="pink"')
      await mount('mode="sideways"')
      expect([first.mode, first.theme]).to.deep.equal(['launcher', 'auto'])
    } finally {
      console.warn = warn
    }
    expect(warnings).to.have.length(2)
    expect(String(warnings[0])).to.contain('sideways')
  })

  it('shows what the page puts into its slots', async () => {
    const widget = await mount('open')
    widget.innerHTML = '<b slot="header">My shop</b><p slot="footer">Privacy</p>'
    await nextFrame()
    await settled(widget)
    const slot = deepQueryAll<HTMLSlotElement>(widget, 'header slot[name=header]')[0]
    expect(slot?.assignedElements({ flatten: true })[0]?.textContent).to.equal('My shop')
    expect(deepQuery(widget, '[part=heading]')?.checkVisibility()).to.equal(false)
  })

  it('lets go of the client when it leaves the page, but not when it moves', async () => {
    const widget = await mount('open')
    expect(client.listeners).to.equal(1)
    const elsewhere = document.createElement('div')
    document.body.append(elsewhere)
    elsewhere.append(widget)
    await settled(widget)
    client.set({ session: { ...session, greeting: 'Still here' } })
    await settled(widget)
    expect(deepText(widget)).to.contain('Still here')
    widget.remove()
    await nextFrame()
    expect(client.listeners).to.equal(0)
    expect(client.destroyed).to.equal(false)
  })

  it('has no style attribute and no element of a third party anywhere', async () => {
    const widget = await mount('open')
    await widget.send('Hello')
    await settled(widget)
    expect(deepQueryAll(widget, 'link, script, iframe, img, [style]').length).to.equal(0)
  })
})
