import { expect } from 'chai'

const script = new URL('../../dist/cdn/widget.js', import.meta.url).href

/** A page of its own for each test, because what a script tag does depends on the whole document. */
async function pageWith(html: string): Promise<Document> {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<!doctype html><title>page</title><body>${html}</body>`
  const loaded = new Promise((done) => frame.addEventListener('load', done, { once: true }))
  document.body.append(frame)
  await loaded
  const page = frame.contentWindow
  if (!page) throw new Error('no frame')
  await page.customElements.whenDefined('chat-widget')
  return page.document
}

const widgetsIn = (page: Document): HTMLElement[] => [...page.querySelectorAll<HTMLElement>('chat-widget')]

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
    const [widget, ...others] = widgetsIn(page)
    expect(others).to.deep.equal([])
    expect(widget?.getAttribute('proxy')).to.equal('https://chat.example.com')
    expect(widget?.getAttribute('heading')).to.equal('Help')
    expect(widget?.getAttribute('image-hosts')).to.equal('a.example')
    expect(widget?.shadowRoot?.querySelector('chat-widget-launcher')?.localName).to.equal(
      'chat-widget-launcher',
    )
  })

  it('upgrades the element of the page when loaded as a module, and adds none', async () => {
    const page = await pageWith(
      `<script type="module" src="${script}"></script><chat-widget proxy="https://chat.example.com"></chat-widget>`,
    )
    expect(widgetsIn(page)).to.have.length(1)
    expect(widgetsIn(page)[0]?.shadowRoot?.querySelectorAll('[part=panel]').length).to.equal(1)
  })

  it('takes the proxy from where the script came, when nobody says otherwise', async () => {
    const page = await pageWith(`<script type="module" src="${script}"></script>`)
    expect(widgetsIn(page).map((widget) => widget.getAttribute('proxy'))).to.deep.equal([location.origin])
  })

  it('does no harm when loaded twice', async () => {
    const tag = `<script src="${script}?again" data-proxy="https://chat.example.com"></script>`
    const page = await pageWith(tag + tag + `<script type="module" src="${script}"></script>`)
    expect(widgetsIn(page)).to.have.length(1)
  })
})
