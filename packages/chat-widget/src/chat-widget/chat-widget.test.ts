import { expect } from 'chai'
import { ChatError } from '@colloquy/chat-core'
import '../define.js'
import type { ChatPanel } from '../chat-panel/chat-panel.js'
import type { ChatWidgetEventMap } from '../events/events.js'
import { listParts, messageParts } from '../parts/parts-on-demand.js'
import { toolParts } from '../parts/tools-on-demand.js'
import { request } from '../requests/chat-request.js'
import { FakeClock } from '../testing/fake-clock.js'
import { FakeChatClient, fakeMessage, session } from '../testing/fake-chat-client.js'
import {
  deepFocus,
  deepQuery,
  deepQueryAll,
  deepText,
  letterBox,
  nextFrame,
  settled,
} from '../testing/shadow-dom.js'
import type { ChatWidget } from './chat-widget.js'

describe('chat-widget', () => {
  let client: FakeChatClient

  before(() => Promise.all([listParts.load(), messageParts.load(), toolParts.load()]))

  beforeEach(() => {
    client = new FakeChatClient()
  })

  afterEach(() => {
    document.body.replaceChildren()
    sessionStorage.clear()
  })

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

  it('closes with Escape from the launcher, too, which does nothing while it is closed', async () => {
    const widget = await mount('open')
    deepQuery(widget, '[part=launcher]')?.focus()
    const first = await press(deepFocus(), 'Escape')
    await settled(widget)
    expect([widget.opened, deepFocus()?.getAttribute('part')]).to.deep.equal([false, 'launcher'])
    const others = [await press(deepFocus(), 'Escape'), await press(deepFocus(), '/')]
    await settled(widget)
    expect(deepFocus()?.getAttribute('part')).to.equal('launcher')
    expect([first, ...others].map((event) => event.defaultPrevented)).to.deep.equal([true, false, false])
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
    expect(deepFocus()?.localName).to.equal('textarea')
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

  it('tells those who wait for their turn where they stand', async () => {
    const widget = await mount('open')
    const answer = fakeMessage({ id: 'm_a1', content: '', status: 'streaming' })
    client.set({ phase: 'streaming', messages: [answer], queuePlace: 3 })
    await settled(widget)
    expect(deepQuery(widget, '.activity')?.textContent).to.equal('Your place in the queue: 3')
    client.set({ queuePlace: 1 })
    await settled(widget)
    expect(deepQuery(widget, '.activity')?.textContent).to.equal('Your place in the queue: 1')
    client.set({ queuePlace: null, stillWorking: true })
    await settled(widget)
    expect(deepQuery(widget, '.activity')?.textContent).to.equal('Still working on it')
    client.set({ stillWorking: false })
    await settled(widget)
    expect(deepQuery(widget, '.activity') === null).to.equal(true)
  })

  it('can be read but not written to where the operator has switched it off', async () => {
    const widget = await mount('open')
    await write(widget, 'Hello')
    client.put(fakeMessage({ id: 'm_a1', status: 'stopped' }))
    client.set({ session: { ...session, features: { demo: false, chat: false } } })
    await settled(widget)
    expect(deepText(widget)).to.contain('The chat is switched off for now.')
    const isOff = deepQueryAll<HTMLButtonElement>(widget, 'textarea, .send, .retry').map(
      ({ disabled }) => disabled,
    )
    expect(isOff).to.deep.equal([true, true, true])
    widget.newConversation()
    await settled(widget)
    expect(deepQueryAll(widget, '.suggestion').length).to.equal(0)
    widget.close()
    await settled(widget)
    widget.open()
    await settled(widget)
    expect(deepFocus()?.classList.contains('back')).to.equal(true)
    client.set({ session })
    await settled(widget)
    expect(input(widget).disabled).to.equal(false)
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

  it('brings a deleted conversation back, and opens it when it was open', async () => {
    const widget = await mount('open')
    client.set({
      conversationId: 'c_1',
      conversations: [{ id: 'c_1', title: 'Shoes', createdAt: 1, updatedAt: 2 }],
    })
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    deepQuery(widget, '.delete')?.click()
    await settled(widget)
    expect(deepQuery(widget, '.toast')?.textContent).to.contain('Conversation deleted.')
    expect(deepQuery(widget, '.open') === null).to.equal(true)
    deepQuery(widget, '.toast button')?.click()
    await settled(widget)
    expect(deepQuery(widget, '.open')?.textContent).to.contain('Shoes')
    expect(deepQuery(widget, '.toast') === null).to.equal(true)
    expect(client.calls.slice(2)).to.deep.equal([
      'history.remove(c_1)',
      'history.restore(c_1)',
      'history.open(c_1)',
    ])
  })

  it('lets a notice go after some seconds, but not while the visitor is at it', async () => {
    const widget = await mount('open')
    client.history.rename = () => Promise.reject(new ChatError('offline', ''))
    const clock = new FakeClock()
    try {
      request(deepQuery(widget, '.back') ?? widget, 'rename-conversation', { id: 'c_1', title: 'x' })
      await settled(widget)
      expect(deepQuery(widget, '.toast')?.textContent).to.contain(
        'That did not work. The chat service cannot be reached.',
      )
      deepQuery(widget, '.toast')?.dispatchEvent(new Event('pointerenter'))
      clock.advance(60_000)
      await settled(widget)
      expect(deepQuery(widget, '.toast') === null).to.equal(false)
      deepQuery(widget, '.toast')?.dispatchEvent(new Event('pointerleave'))
      clock.advance(8_000)
      await settled(widget)
      expect(deepQuery(widget, '.toast') === null).to.equal(true)
    } finally {
      clock.restore()
    }
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
    await write(widget, 'half a thought')
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    deepQuery(widget, '.back')?.click()
    await settled(widget)
    expect(input(widget).value).to.equal('half a thought')
  })

  const input = (widget: ChatWidget): HTMLTextAreaElement => {
    const found = deepQueryAll<HTMLTextAreaElement>(widget, 'textarea')[0]
    if (!found) throw new Error('no composer')
    return found
  }

  async function write(widget: ChatWidget, text: string): Promise<void> {
    input(widget).value = text
    input(widget).dispatchEvent(new Event('input'))
    await settled(widget)
  }

  async function press(target: Element | null | undefined, key: string): Promise<KeyboardEvent> {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true })
    target?.dispatchEvent(event)
    return event
  }

  it('keeps what is written across a reload, for each conversation', async () => {
    const first = await mount('open')
    await write(first, 'of the new one')
    client.set({ conversationId: 'c_1' })
    await settled(first)
    expect(input(first).value, 'begun by itself').to.equal('of the new one')
    document.body.replaceChildren()
    const second = await mount('open')
    expect(input(second).value).to.equal('of the new one')
    second.newConversation()
    await settled(second)
    expect(input(second).value).to.equal('')
  })

  it('keeps nothing of what was sent', async () => {
    const widget = await mount('open')
    await write(widget, 'Hello')
    await press(input(widget), 'Enter')
    await settled(widget)
    expect(client.calls).to.include('send(Hello)')
    expect([input(widget).value, Object.values(sessionStorage)]).to.deep.equal(['', ['v_fake01']])
  })

  it('gives what is written back when it could not be sent at all', async () => {
    const widget = await mount('open')
    client.send = () => Promise.reject(new ChatError('too_long', ''))
    await write(widget, 'Hello')
    await press(input(widget), 'Enter')
    await settled(widget)
    expect(input(widget).value).to.equal('Hello')
  })

  it('lets the page change or hold back a question before it is sent', async () => {
    const widget = await mount('open')
    const listen = (event: ChatWidgetEventMap['chat-before-send']): void => {
      if (event.detail.text === 'secret') event.preventDefault()
      else event.detail.text += ' (from the shop)'
    }
    document.addEventListener('chat-before-send', listen)
    try {
      await write(widget, 'secret')
      await press(input(widget), 'Enter')
      await settled(widget)
      expect(input(widget).value).to.equal('secret')
      await write(widget, 'Hello')
      await press(input(widget), 'Enter')
      await widget.send('secret').then(
        () => expect.fail('sent'),
        (error: unknown) => expect(error).to.have.property('code', 'aborted'),
      )
    } finally {
      document.removeEventListener('chat-before-send', listen)
    }
    expect(client.calls).to.deep.equal(['start()', 'send(Hello (from the shop))'])
  })

  it('lets the page keep the panel closed, or open, whoever wants it otherwise', async () => {
    const widget = await mount('')
    let isKept = true
    const keep = (event: Event): void => void (isKept && event.preventDefault())
    for (const name of ['chat-open', 'chat-close']) document.addEventListener(name, keep)
    try {
      widget.open()
      await settled(widget)
      widget.setAttribute('open', '')
      await settled(widget)
      expect([widget.opened, widget.hasAttribute('open'), dialog(widget)?.open]).to.deep.equal(
        Array(3).fill(false),
      )
      expect(client.calls).to.deep.equal([])
      isKept = false
      widget.open()
      await settled(widget)
      isKept = true
      deepQuery(widget, '[part=launcher]')?.click()
      await settled(widget)
      expect([widget.opened, widget.hasAttribute('open'), dialog(widget)?.open]).to.deep.equal(
        Array(3).fill(true),
      )
      expect(deepFocus()?.localName).to.equal('textarea')
    } finally {
      for (const name of ['chat-open', 'chat-close']) document.removeEventListener(name, keep)
    }
  })

  it('leaves it to the page to say what went wrong, and to take what readers think', async () => {
    const widget = await mount('open')
    for (const name of ['chat-error', 'chat-feedback'])
      widget.addEventListener(name, (event) => event.preventDefault())
    const error = new ChatError('protocol', 'not a proxy')
    client.set({ error })
    await settled(widget)
    expect(deepText(widget)).not.to.contain('The chat service cannot be reached.')
    client.put(fakeMessage({ id: 'm_a1' }))
    await settled(widget)
    deepQuery(widget, '.thumb.up')?.click()
    await settled(widget)
    expect(client.calls).to.deep.equal(['start()'])
  })

  it('lets nothing be asked until a limit is over, in no conversation', async () => {
    const widget = await mount('open')
    await write(widget, 'And this?')
    const error = new ChatError('rate_limited', '', { retryAfter: 30_000 })
    client.put(fakeMessage({ id: 'm_q1', role: 'user', status: 'failed' }))
    client.put(fakeMessage({ id: 'm_a1', status: 'failed', content: '', error }))
    client.set({ phase: 'idle', error })
    await settled(widget)
    expect(deepText(widget)).to.contain('You can ask again in 0:')
    expect(
      deepQueryAll<HTMLButtonElement>(widget, '.send, .retry').map(({ disabled }) => disabled),
    ).to.deep.equal([true, true])
    widget.newConversation()
    client.set({ error: null })
    await settled(widget)
    expect(deepQueryAll<HTMLButtonElement>(widget, '.send')[0]?.disabled).to.equal(true)
    client.set({ phase: 'streaming' })
    client.set({ phase: 'idle' })
    await write(widget, 'And this?')
    expect(deepQueryAll<HTMLButtonElement>(widget, '.send')[0]?.disabled).to.equal(false)
  })

  it('sends what a reader thinks of an answer, and tells the page', async () => {
    const events = heard('chat-feedback')
    const widget = await mount('open')
    client.put(fakeMessage({ id: 'm_a1' }))
    await settled(widget)
    deepQuery(widget, '.thumb.up')?.click()
    await settled(widget)
    expect(client.calls.slice(1)).to.deep.equal(['feedback.rate(m_a1, up)'])
    expect(events.map(({ detail }) => detail)).to.deep.equal([
      { messageId: 'm_a1', rating: 'up', comment: null },
    ])
    expect(deepQuery(widget, '.thumb.up')?.ariaPressed).to.equal('true')
  })

  it('offers what the site would ask next, once an answer has ended, and sends it', async () => {
    const widget = await mount('open')
    const asked: string[] = []
    widget.followUps = async ({ id }) => {
      asked.push(id)
      return ['And to Norway?', '', 'How much is it?']
    }
    client.set({ phase: 'streaming', messages: [fakeMessage({ id: 'm_a1', status: 'streaming' })] })
    await settled(widget)
    expect(deepQuery(widget, '.follow-up')).to.equal(null)
    client.set({ phase: 'idle', messages: [fakeMessage({ id: 'm_a1' })] })
    await settled(widget)
    const offered = deepQueryAll(widget, '.follow-up').map(({ textContent }) => textContent?.trim())
    expect([offered, asked]).to.deep.equal([['And to Norway?', 'How much is it?'], ['m_a1']])
    deepQuery(widget, '.follow-up')?.click()
    await settled(widget)
    expect(client.calls).to.include('send(And to Norway?)')
    expect(deepQuery(widget, '.follow-up')).to.equal(null)
  })

  it('tells the client who the visitor is, before anything else is asked of it', async () => {
    const widget = await mount()
    await widget.identify('a.b.c')
    expect(client.calls).to.deep.equal([])
    widget.open()
    await settled(widget)
    await widget.identify(null)
    expect(client.calls).to.deep.equal(['identity.identify(a.b.c)', 'start()', 'identity.identify(null)'])
  })

  it('refuses what is no text with an error that says so, and goes on as before', async () => {
    const asked = heard('chat-before-send')
    const widget = await mount()
    const refusal = (method: 'send' | 'identify', given: readonly unknown[]): Promise<unknown> =>
      Promise.resolve(Reflect.apply(widget[method], widget, given)).catch((error: unknown) => error)
    for (const given of [[], [7], [{}], [['Hello']]])
      for (const method of ['send', 'identify'] as const) {
        const error = await refusal(method, given)
        expect(error).to.be.instanceOf(ChatError)
        expect(error).to.have.property('code', 'protocol')
        expect(String(error)).to.match(new RegExp(`${method}\\(\\) takes .* as text`))
      }
    expect(await refusal('send', [null])).to.have.property('code', 'protocol')
    await widget.send('Hello')
    expect([client.calls, asked.length]).to.deep.equal([['send(Hello)'], 1])
  })

  it('is not disturbed by what is said to methods that take nothing, or by facts that are none', async () => {
    const widget = await mount()
    for (const method of ['open', 'newConversation', 'close'] as const)
      Reflect.apply(widget[method], widget, [{ no: 'argument' }])
    for (const noFacts of [7, 'Blue kettle', true, ['Blue kettle']])
      Reflect.apply(widget.setContext, widget, [noFacts])
    widget.setContext({ title: 'Blue kettle' })
    Reflect.apply(widget.setContext, widget, ['Red pot'])
    await widget.send('Hello')
    expect(client.calls).to.deep.equal([
      'newConversation()',
      'pageContext.set({"title":"Blue kettle"})',
      'send(Hello)',
    ])
  })

  it('tells the client what the visitor is looking at, before anything is asked and whenever it changes', async () => {
    const widget = await mount()
    widget.setContext({ title: 'Red pot' })
    widget.setContext({ title: 'Blue kettle', product_id: 4711 })
    expect(client.calls).to.deep.equal([])
    widget.open()
    await settled(widget)
    widget.setContext(null)
    expect(client.calls).to.deep.equal([
      'pageContext.set({"title":"Blue kettle","product_id":4711})',
      'start()',
      'pageContext.set(null)',
    ])
  })

  it('can be asked also when the page tells too much of itself', async () => {
    const widget = await mount()
    client.pageContext.set = () => {
      throw new ChatError('too_long', 'Too much.')
    }
    widget.setContext({ title: 'Blue kettle' })
    widget.open()
    await settled(widget)
    widget.setContext({ title: 'Red pot' })
    expect(client.calls).to.deep.equal(['start()'])
  })

  it('shows nobody what another user was writing', async () => {
    const widget = await mount('open')
    const becomes = async (visitorId: string): Promise<void> => {
      client.set({ session: { ...session, visitorId } })
      await settled(widget)
    }
    await write(widget, 'as a visitor')
    await becomes('u_ann')
    expect(input(widget).value).to.equal('as a visitor')
    await write(widget, 'as Ann')
    await becomes('u_bob')
    expect(input(widget).value).to.equal('')
    await write(widget, 'as Bob, before he signs out in another tab')
    client.set({ session: null })
    await settled(widget)
    expect([input(widget).value, Object.keys(sessionStorage)].flat().join()).not.to.contain('Bob')
    await becomes('u_bob')
    await write(widget, 'as Bob')
    await widget.identify(null)
    await settled(widget)
    expect([input(widget).value, Object.keys(sessionStorage)].flat().join()).not.to.contain('Bob')
  })

  describe('attention', () => {
    const answer = (id: string): void => {
      client.put(fakeMessage({ id, status: 'streaming' }))
      client.put(fakeMessage({ id, status: 'done' }))
    }

    it('is asked for at the launcher when answers have ended behind a closed panel', async () => {
      const widget = await mount('open')
      answer('m_1')
      widget.close()
      answer('m_2')
      answer('m_3')
      await settled(widget)
      expect(deepQuery(widget, '.badge')?.dataset['count']).to.equal('2')
      expect(deepQuery(widget, '[part=launcher]')?.ariaLabel).to.equal('Open chat, 2 new answers')
      widget.open()
      await settled(widget)
      expect(deepQuery(widget, '.badge') === null).to.equal(true)
    })

    it('is not asked for where the page tells of the answer itself', async () => {
      const widget = await mount('open')
      widget.addEventListener('chat-message', (event) => event.preventDefault())
      widget.close()
      answer('m_1')
      await settled(widget)
      expect(deepQuery(widget, '.badge') === null).to.equal(true)
    })

    it('is asked for in the title and by a sound only where the site wants it', async () => {
      const { AudioContext } = window
      let sounds = 0
      window.AudioContext = class extends AudioContext {
        constructor() {
          super()
          sounds += 1
        }
      }
      document.title = 'My shop'
      try {
        const quiet = await mount('open')
        quiet.close()
        answer('m_1')
        await settled(quiet)
        expect([document.title, sounds]).to.deep.equal(['My shop', 0])
        quiet.remove()
        const loud = await mount('open notify-title notify-sound')
        loud.close()
        await settled(loud)
        answer('m_2')
        while (document.title === 'My shop') await settled(loud)
        expect([document.title, sounds]).to.deep.equal(['New answer', 1])
        loud.open()
        await settled(loud)
        expect(document.title).to.equal('My shop')
      } finally {
        window.AudioContext = AudioContext
      }
    })
  })

  it('writes with the slash, from anywhere but a text', async () => {
    const widget = await mount('mode="inline"')
    deepQuery(widget, '.back')?.focus()
    const event = await press(deepFocus(), '/')
    await settled(widget)
    expect([deepFocus() === input(widget), event.defaultPrevented]).to.deep.equal([true, true])
    expect((await press(deepFocus(), '/')).defaultPrevented).to.equal(false)
  })

  it('goes through suggestions with the arrow keys', async () => {
    const widget = await mount('open')
    const [first, second] = deepQueryAll(widget, '.suggestion')
    first?.focus()
    await press(first, 'ArrowDown')
    expect(deepFocus() === second).to.equal(true)
    await press(second, 'Home')
    expect(deepFocus() === first).to.equal(true)
  })

  it('fills its own element in inline mode, without launcher', async () => {
    const widget = await mount('mode="inline"')
    expect(widget.shadowRoot?.querySelectorAll('dialog, chat-widget-launcher').length).to.equal(0)
    expect(widget.shadowRoot?.querySelector('section')?.getBoundingClientRect().height).to.equal(640)
    expect(client.calls).to.deep.equal(['start()'])
  })

  it('fills the screen in fullscreen mode, and keeps everything else from being reached', async () => {
    const widget = await mount('mode="fullscreen"')
    expect(dialog(widget)?.open).to.equal(false)
    deepQuery(widget, '[part=launcher]')?.click()
    await settled(widget)
    // As laid out: it grows a little while it opens.
    const { offsetWidth: width, offsetHeight: height } = dialog(widget) ?? widget
    expect([width, height]).to.deep.equal([document.documentElement.clientWidth, innerHeight])
    expect(dialog(widget)?.matches(':modal')).to.equal(true)
    widget.mode = 'launcher'
    await settled(widget)
    expect([dialog(widget)?.open, dialog(widget)?.matches(':modal')]).to.deep.equal([true, false])
    widget.close()
    await settled(widget)
    expect(dialog(widget)?.open).to.equal(false)
  })

  it('warns once about a value it does not know and uses the default', async () => {
    const warnings: unknown[] = []
    const { warn } = console
    console.warn = (text: unknown) => warnings.push(text)
    try {
      const first = await mount('mode="sideways" theme="pink" preload="soon"')
      await mount('preload="idle"')
      await mount('mode="sideways"')
      expect([first.mode, first.theme]).to.deep.equal(['launcher', 'auto'])
    } finally {
      console.warn = warn
    }
    const values = warnings.map((text) => /"(\w+)"/.exec(String(text))?.[1])
    expect(values).to.have.members(['pink', 'sideways', 'soon'])
  })

  it('warns about settings of the wrong kind and goes on without them', async () => {
    const warnings: string[] = []
    const { warn } = console
    console.warn = (text: string) => warnings.push(text)
    try {
      const widget = await mount('allow-html="false" notify-title notify-sound="perhaps" open')
      expect([widget.allowHtml, widget.notifyTitle, widget.notifySound]).to.deep.equal([false, true, false])
      Object.assign(widget, { heading: 7, imageHosts: ['a.example'], client: { getSnapshot: 1 } })
      await settled(widget)
      expect([widget.heading, widget.imageHosts, widget.client]).to.deep.equal(['', '', null])
      expect(deepQuery(widget, '[part=heading]')?.textContent).to.equal('Chat')
    } finally {
      console.warn = warn
    }
    const named = ['"perhaps"', 'heading is number', 'imageHosts is object', 'client has no subscribe']
    expect(named.filter((words) => !warnings.some((warning) => warning.includes(words)))).to.deep.equal([])
  })

  it('says that the proxy cannot be reached, and tries again', async () => {
    document.body.innerHTML = '<chat-widget open proxy="http://127.0.0.1:9"></chat-widget>'
    const widget = document.querySelector('chat-widget')
    if (!widget) throw new Error('not registered')
    const codes: string[] = []
    widget.addEventListener('chat-error', ({ detail }) => codes.push(detail.code))
    while (codes.length < 1) await settled(widget)
    await settled(widget)
    expect(deepText(widget)).to.contain('The chat service cannot be reached.')
    deepQuery(widget, '.failure button')?.click()
    while (codes.length < 2) await settled(widget)
    expect(codes).to.deep.equal(['upstream', 'upstream'])
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

  it('draws the edge of the text field from the colours of the site', async () => {
    const widget = await mount('open')
    const colour = () => {
      const field = deepQuery(widget, '[part=composer]')
      if (!field) throw new Error('no composer')
      const style = getComputedStyle(field)
      field.getAnimations().forEach((change) => change.finish())
      return style.borderTopColor
    }
    widget.style.setProperty('--chat-text', '#000')
    const before = colour()
    widget.style.setProperty('--chat-line', '#000')
    expect(colour()).not.to.equal(before)
  })

  it('keeps what the page has below the composer off the edges, whichever element it is', async () => {
    const widget = await mount('open')
    widget.innerHTML = '<small slot="footer">Privacy</small>'
    await nextFrame()
    await settled(widget)
    const [note] = widget.children
    if (!note) throw new Error('no footer')
    const edges = dialog(widget)?.getBoundingClientRect()
    const words = letterBox(note, 0)
    expect((edges?.bottom ?? 0) - words.bottom).to.be.at.least(12)
    expect(words.left - (edges?.left ?? 0)).to.be.greaterThan((edges?.width ?? 0) / 4)
  })

  it('has room for the page below the last message, once there is one', async () => {
    const widget = await mount('open')
    widget.innerHTML = '<p slot="message-footer">Talk to a person</p>'
    await nextFrame()
    await settled(widget)
    const footer = widget.querySelector('p')
    expect(footer?.checkVisibility()).to.equal(false)
    for (const id of ['m_a1', 'm_a2']) client.put(fakeMessage({ id }))
    await settled(widget)
    const last = deepQueryAll(widget, 'chat-widget-message').at(-1)
    expect(footer?.getBoundingClientRect().top).to.be.greaterThan(
      last?.getBoundingClientRect().bottom ?? Infinity,
    )
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
