import { expect } from 'chai'
import { patch } from './patch.js'
import { html, nothing, type View } from './view.js'

describe('patch', () => {
  let root: HTMLElement
  const show = (view: View): void => patch(root, view)

  beforeEach(() => {
    root = document.createElement('div')
    document.body.append(root)
  })

  afterEach(() => root.remove())

  it('shows text as text, never as HTML', () => {
    show(html`<p title=${'"><img src=x>'}>${'<b>bold</b>'}</p>`)
    expect(root.querySelectorAll('b, img').length).to.equal(0)
    expect(root.textContent).to.equal('<b>bold</b>')
  })

  it('keeps the nodes of what stays, and with them the focus and the written text', () => {
    const view = (label: string): View => html`<label>${label} <input class="field" /></label>`
    show(view('one'))
    const input = root.querySelector('input')
    input?.focus()
    if (input) input.value = 'written'
    show(view('two'))
    expect(root.querySelector('input')).to.equal(input)
    expect(document.activeElement).to.equal(input)
    expect(input?.value).to.equal('written')
    expect(root.textContent?.trim()).to.equal('two')
  })

  it('moves, adds and removes elements by their keys, in every order', () => {
    const list = (ids: readonly string[]): View =>
      html`<ul>
        ${ids.map((id) => html`<li key=${id}>${id}</li>`)}
      </ul>`
    const orders = ['abc', 'cab', 'acb', 'b', 'abcd', 'dcba', '', 'xay'].map((order) => order.split(''))
    for (const before of orders) {
      for (const after of orders) {
        show(list(before))
        const nodes = new Map([...root.querySelectorAll('li')].map((node) => [node.textContent, node]))
        show(list(after))
        const shown = [...root.querySelectorAll('li')]
        expect(shown.map(({ textContent }) => textContent)).to.deep.equal(after)
        for (const node of shown) {
          const old = nodes.get(node.textContent)
          if (old) expect(node).to.equal(old)
        }
      }
    }
  })

  it('does not touch the element that has the focus when others come before it', () => {
    const list = (ids: readonly string[]): View =>
      html`<p>${ids.map((id) => html`<button key=${id}>${id}</button>`)}</p>`
    show(list(['a', 'b']))
    root.querySelectorAll('button')[1]?.focus()
    show(list(['new', 'a', 'b', 'last']))
    expect(document.activeElement?.textContent).to.equal('b')
  })

  it('keeps the place of what comes after something that is not there', () => {
    const view = (first: boolean): View => html`<p>${first ? html`<i>1</i>` : nothing}<button>2</button></p>`
    show(view(false))
    const button = root.querySelector('button')
    show(view(true))
    expect(root.querySelector('button')).to.equal(button)
    expect(root.textContent).to.equal('12')
  })

  it('replaces listeners, so that one click is heard once and by the last', () => {
    const heard: string[] = []
    const view = (name: string): View => html`<button @click=${() => heard.push(name)}>x</button>`
    show(view('first'))
    show(view('second'))
    root.querySelector('button')?.click()
    expect(heard).to.deep.equal(['second'])
  })

  it('sets properties, switches attributes, and takes away what is null or not named any more', () => {
    show(html`<input .value=${'v'} ?disabled=${true} aria-label=${'name'} title="t" aria-busy=${true} />`)
    const input = root.querySelector('input')
    expect([input?.value, input?.disabled, input?.ariaLabel, input?.title]).to.deep.equal([
      'v',
      true,
      'name',
      't',
    ])
    expect(input?.getAttribute('aria-busy')).to.equal('true')
    show(html`<input .value=${'w'} ?disabled=${false} aria-label=${null} />`)
    expect([input?.value, input?.disabled, input?.ariaLabel, input?.title]).to.deep.equal([
      'w',
      false,
      null,
      '',
    ])
  })

  it('draws SVG as SVG', () => {
    show(html`<svg viewBox="0 0 1 1"><path d="M0 0" /></svg>`)
    expect(root.querySelector('path') instanceof SVGElement).to.equal(true)
  })

  it('leaves alone what others put into an element that it only made', () => {
    show(html`<div class="mount"></div>`)
    root.querySelector('.mount')?.append('mine')
    show(html`<div class="mount other"></div>`)
    expect(root.querySelector('.mount')?.textContent).to.equal('mine')
  })
})
