import { expect } from 'chai'

const script = new URL('../../dist/cdn/widget.js', import.meta.url).href

/** A page of its own for each test, because what a script tag does depends on the whole document. */
async function pageWith(html: string): Promise<Window & typeof globalThis> {
  const frame = document.createElement('iframe')
  frame.width = '800'
  frame.height = '600'
  frame.srcdoc = `<!doctype html><title>page</title><body>${html}</body>`
  const loaded = new Promise((done) => frame.addEventListener('load', done, { once: true }))
  document.body.append(frame)
  await loaded
  const page = frame.contentWindow
  if (!page) throw new Error('no frame')
  // Frames share nothing with this page but their shape.
  return page as Window & typeof globalThis
}

const widgetsIn = (page: Window): HTMLElement[] => [
  ...page.document.querySelectorAll<HTMLElement>('chat-widget'),
]
const theWidget = (page: Window): HTMLElement => {
  const [widget, ...others] = widgetsIn(page)
  if (!widget || others.length > 0) throw new Error(`${widgetsIn(page).length} widgets`)
  return widget
}
const launcherIn = (page: Window): HTMLElement => {
  const root = theWidget(page).shadowRoot
  const button =
    root?.querySelector('button') ?? root?.querySelector('*')?.querySelector('chat-widget-launcher')
  const found =
    button instanceof (page as typeof globalThis & Window).HTMLButtonElement
      ? button
      : button?.shadowRoot?.querySelector('button')
  if (!found) throw new Error('no launcher')
  return found
}
const fetched = (page: Window): string[] =>
  page.performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name).pathname.split('/').at(-1) ?? '')
const call = (widget: HTMLElement, method: string, ...args: unknown[]): Promise<unknown> => {
  const found: unknown = Reflect.get(widget, method)
  if (typeof found !== 'function') throw new Error(`no ${method}`)
  return Promise.resolve(found.apply(widget, args))
}

describe('widget.js', () => {
  before(async () => {
    const { ok } = await fetch(script)
    if (!ok) throw new Error('dist/cdn/widget.js is missing: run the build first')
  })

  afterEach(() => document.body.replaceChildren())

  it('embeds the widget from one classic script tag with its data attributes', async () => {
    const page = await pageWith(
      `<script src="${script}" data-proxy="https://chat.example.com" data-heading="Help" data-image-hosts="a.example" async></script>`,
    )
    const widget = theWidget(page)
    expect(widget.getAttribute('proxy')).to.equal('https://chat.example.com')
    expect(widget.getAttribute('heading')).to.equal('Help')
    expect(widget.getAttribute('image-hosts')).to.equal('a.example')
  })

  it('draws the launcher by itself, and fetches nothing else', async () => {
    const page = await pageWith(`<script src="${script}"></script>`)
    expect(launcherIn(page).ariaLabel).to.equal('Chat')
    expect(fetched(page)).to.deep.equal(['widget.js'])
    expect(page.customElements.get('chat-widget')).to.equal(undefined)
  })

  it('takes the proxy from where the script came, when nobody says otherwise', async () => {
    const page = await pageWith(`<script type="module" src="${script}"></script>`)
    expect(theWidget(page).getAttribute('proxy')).to.equal(location.origin)
  })

  it('fetches the widget when somebody comes near, which then looks the same in the same place', async () => {
    const page = await pageWith(`<script src="${script}"></script>`)
    const drawn = launcherIn(page)
    const [place, colour] = [drawn.getBoundingClientRect(), page.getComputedStyle(drawn).backgroundColor]
    drawn.dispatchEvent(new page.PointerEvent('pointerenter'))
    await page.customElements.whenDefined('chat-widget')
    await new Promise((done) => page.requestAnimationFrame(done))
    const real = launcherIn(page)
    expect(real).not.to.equal(drawn)
    expect(real.getBoundingClientRect().toJSON()).to.deep.equal(place.toJSON())
    expect(page.getComputedStyle(real).backgroundColor).to.equal(colour)
    expect(theWidget(page).hasAttribute('open')).to.equal(false)
  })

  it('draws the page’s own icon from the start, and the widget draws it alike', async () => {
    const page = await pageWith(
      `<script type="module" src="${script}"></script><chat-widget><svg slot="launcher" viewBox="0 0 24 24"></svg></chat-widget>`,
    )
    const own = theWidget(page).querySelector('svg')
    const drawn = launcherIn(page)
    const before = own?.getBoundingClientRect()
    expect([before?.width, before?.height, drawn.querySelector('svg')?.checkVisibility()]).to.deep.equal([
      28,
      28,
      false,
    ])
    drawn.dispatchEvent(new page.PointerEvent('pointerenter'))
    await page.customElements.whenDefined('chat-widget')
    for (let round = 0; round < 5; round += 1) await new Promise((done) => setTimeout(done, 0))
    expect(launcherIn(page) === drawn).to.equal(false)
    expect(own?.getBoundingClientRect().toJSON()).to.deep.equal(before?.toJSON())
  })

  it('keeps the focus of who came by keyboard', async () => {
    const page = await pageWith(`<script src="${script}"></script>`)
    launcherIn(page).focus()
    await page.customElements.whenDefined('chat-widget')
    for (let round = 0; round < 5; round += 1) await new Promise((done) => setTimeout(done, 0))
    const active = theWidget(page).shadowRoot?.activeElement
    expect(active?.localName).to.equal('chat-widget-launcher')
  })

  it('opens with one click, and gives the focus to the chat', async () => {
    const page = await pageWith(`<script src="${script}" data-proxy="http://127.0.0.1:9"></script>`)
    launcherIn(page).click()
    await page.customElements.whenDefined('chat-widget')
    for (let round = 0; round < 8; round += 1) await new Promise((done) => setTimeout(done, 0))
    expect(theWidget(page).hasAttribute('open')).to.equal(true)
    expect(theWidget(page).shadowRoot?.activeElement?.localName).to.equal('chat-widget-panel')
  })

  it('keeps what the page asks for before the widget is there, in its order', async () => {
    const page = await pageWith(`<script src="${script}"></script>`)
    const widget = theWidget(page)
    const order: string[] = []
    widget.addEventListener('chat-open', () => order.push('open'))
    widget.addEventListener('chat-close', () => order.push('close'))
    await Promise.all([call(widget, 'open'), call(widget, 'newConversation')])
    await new Promise((done) => setTimeout(done, 0))
    await call(widget, 'close')
    await new Promise((done) => setTimeout(done, 0))
    expect(order).to.deep.equal(['open', 'close'])
    expect(Object.keys(widget).filter((name) => name === 'open' || name === 'close')).to.deep.equal([])
  })

  it('shows an inline chat at once, in the room that it kept for it', async () => {
    const page = await pageWith(
      `<script type="module" src="${script}"></script><chat-widget mode="inline" proxy="http://127.0.0.1:9"></chat-widget>`,
    )
    const { height } = theWidget(page).getBoundingClientRect()
    await page.customElements.whenDefined('chat-widget')
    expect(theWidget(page).getBoundingClientRect().height).to.equal(height)
    expect(theWidget(page).shadowRoot?.querySelectorAll('[part=panel]').length).to.equal(1)
  })

  it('finds the element that a page adds later', async () => {
    const page = await pageWith(`<chat-widget></chat-widget><script type="module" src="${script}"></script>`)
    theWidget(page).remove()
    page.document.body.append(page.document.createElement('chat-widget'))
    await new Promise((done) => setTimeout(done, 0))
    expect(launcherIn(page).ariaLabel).to.equal('Chat')
  })

  it('says what the page wants said, and so does the widget', async () => {
    const page = await pageWith(`<script src="${script}" data-label="Ask us"></script>`)
    expect(launcherIn(page).ariaLabel).to.equal('Ask us')
    launcherIn(page).dispatchEvent(new page.PointerEvent('pointerenter'))
    await page.customElements.whenDefined('chat-widget')
    for (let round = 0; round < 5; round += 1) await new Promise((done) => setTimeout(done, 0))
    expect(launcherIn(page).ariaLabel).to.equal('Ask us')
  })

  it('keeps what the visitor is looking at until somebody wants to chat', async () => {
    const page = await pageWith(`<script src="${script}"></script>`)
    const widget = theWidget(page)
    const told = call(widget, 'setContext', { title: 'Blue kettle' })
    await new Promise((done) => setTimeout(done, 0))
    expect(fetched(page)).to.deep.equal(['widget.js'])
    await call(widget, 'open')
    await told
    expect(Object.hasOwn(widget, 'setContext')).to.equal(false)
  })

  it('fetches the widget in a quiet moment where the page asks for that', async () => {
    const page = await pageWith(`<script src="${script}" data-preload="idle"></script>`)
    await page.customElements.whenDefined('chat-widget')
  })

  it('does no harm when loaded twice', async () => {
    const tag = `<script src="${script}?again"></script>`
    const page = await pageWith(tag + tag + `<script type="module" src="${script}"></script>`)
    expect(widgetsIn(page)).to.have.length(1)
    await call(theWidget(page), 'open')
    expect(widgetsIn(page)).to.have.length(1)
  })
})
