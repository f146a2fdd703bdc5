import { expect } from 'chai'
import '../define.js'
import { FakeChatClient, session } from '../testing/fake-chat-client.js'
import { deepQuery, deepQueryAll, deepText, letterBox, nextFrame, settled } from '../testing/shadow-dom.js'
import type { ChatWidget } from './chat-widget.js'

describe('the language of the chat', () => {
  const html = document.documentElement
  let before: string

  beforeEach(() => {
    before = html.lang
  })

  afterEach(() => {
    html.lang = before
    document.body.replaceChildren()
    sessionStorage.clear()
  })

  async function mount(into: Element | ShadowRoot, set: (widget: ChatWidget) => void = () => {}) {
    const widget = document.createElement('chat-widget')
    widget.client = new FakeChatClient()
    set(widget)
    into.append(widget)
    await settled(widget)
    return widget
  }

  const launcherLabel = (widget: ChatWidget) =>
    deepQuery(widget, '[part=launcher]')?.getAttribute('aria-label')

  it('is that of the page', async () => {
    html.lang = 'de-CH'
    expect(launcherLabel(await mount(document.body))).to.equal('Chat öffnen')
  })

  it('is that of the nearest element that has one, beyond shadow roots too', async () => {
    const holder = document.createElement('div')
    holder.lang = 'fr'
    document.body.append(holder)
    const widget = await mount(holder.attachShadow({ mode: 'open' }))
    expect(launcherLabel(widget)).to.equal('Ouvrir le chat')
  })

  it('is the one that the element itself names before all others', async () => {
    html.lang = 'de'
    const widget = await mount(document.body, (each) => (each.lang = 'ja'))
    expect(launcherLabel(widget)).to.equal('チャットを開く')
  })

  it('is the visitor’s where there are no words for that of the page', async () => {
    html.lang = 'nl'
    expect(launcherLabel(await mount(document.body))).to.equal('Open chat')
  })

  it('is that of the greeting, where the server has none', async () => {
    html.lang = 'ko'
    const client = new FakeChatClient()
    const widget = await mount(document.body, (each) => {
      each.client = client
      each.opened = true
    })
    client.set({ session: { ...session, greeting: '' } })
    await settled(widget)
    expect(deepText(widget)).to.contain('안녕하세요. 무엇을 도와드릴까요?')
  })

  it('breaks Korean lines between words', async () => {
    const breaks = async (language: string) => {
      html.lang = language
      const hint = deepQuery(await mount(document.body, (each) => (each.opened = true)), '.empty p')
      return hint && getComputedStyle(hint).wordBreak
    }
    expect([await breaks('ko'), await breaks('ja')]).to.deep.equal(['keep-all', 'normal'])
  })

  it('goes along when the page changes its own, and never back to an earlier one', async () => {
    const widget = await mount(document.body)
    html.lang = 'es'
    await Promise.resolve()
    html.lang = 'ru'
    // Its words are a file that is fetched.
    while (launcherLabel(widget) !== 'Открыть чат') await nextFrame()
    await settled(widget)
    expect(launcherLabel(widget)).to.equal('Открыть чат')
  })

  it('shows nothing in another one first', async () => {
    const widget = document.createElement('chat-widget')
    widget.client = new FakeChatClient()
    widget.lang = 'ko'
    const seen: (string | null | undefined)[] = []
    const observer = new MutationObserver(() => seen.push(launcherLabel(widget)))
    document.body.append(widget)
    observer.observe(widget.renderRoot, { childList: true, subtree: true })
    await settled(widget)
    observer.disconnect()
    expect(launcherLabel(widget)).to.equal('채팅 열기')
    expect(seen).not.to.include('Open chat')
  })

  it('is mirrored where it is written from the right, and keeps its place on the page', async () => {
    const widget = await mount(document.body, (each) => {
      each.lang = 'ar'
      each.opened = true
    })
    const [panel] = deepQueryAll(widget, 'chat-widget-panel')
    expect(panel?.matches(':dir(rtl)')).to.equal(true)
    const button = deepQuery(widget, '[part=launcher]')?.getBoundingClientRect()
    expect(button?.left).to.be.greaterThan(innerWidth / 2)
  })

  it('leaves what the site says in another direction as it is written', async () => {
    const widget = await mount(document.body, (each) => {
      each.lang = 'ar'
      each.heading = 'Support for everything that was ever ordered. '.repeat(7)
      each.opened = true
    })
    for (const selector of ['h3', '.suggestion span']) {
      const [words] = deepQueryAll(widget, selector)
      if (!words) throw new Error(`no ${selector}`)
      expect(letterBox(words, -1).left, selector).to.be.greaterThan(letterBox(words, -2).left)
    }
    const [heading] = deepQueryAll(widget, 'h2')
    if (!heading) throw new Error('no heading')
    expect(letterBox(heading, 0).left).to.be.at.least(heading.getBoundingClientRect().left)
  })

  it('takes the site’s own words in place of some', async () => {
    const widget = await mount(document.body, (each) => {
      each.lang = 'de'
      each.strings = { openChat: 'Frag uns' }
    })
    expect(launcherLabel(widget)).to.equal('Frag uns')
    widget.strings = { heading: 'Hilfe' }
    await settled(widget)
    expect(launcherLabel(widget)).to.equal('Chat öffnen')
    expect(widget.shadowRoot?.querySelector('dialog')?.getAttribute('aria-label')).to.equal('Hilfe')
  })
})
