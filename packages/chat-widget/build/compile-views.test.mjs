import { runInNewContext } from 'node:vm'
import htm from 'htm'
import { parseAst } from 'rollup/parseAst'
import { describe, expect, it } from 'vitest'
import { compiled } from './compile-views.mjs'

const element = (tag, props, ...children) => ({ tag, props: props ?? {}, children })

/** What a template gives, read at run time and compiled. */
function both(template, values = {}) {
  const code = `import { html, nothing } from './view.js'\nexport const view = () => ${template}`
  const run = (text, names) =>
    runInNewContext(text.replace(/^import .*$/m, '').replace('export const view =', ''), names)()
  const names = { ...values, nothing: null }
  return [
    run(code, { ...names, html: htm.bind(element) }),
    run(compiled(code, parseAst), { ...names, element }),
  ]
}

const CASES = [
  ['a text', 'html`<p>words</p>`'],
  ['an element without children', 'html`<input disabled />`'],
  ['values between texts', 'html`<p>a ${x} b ${y}</p>`'],
  [
    'values in attributes',
    'html`<p class="one ${x} two" id=${y} ?hidden=${false} .value=${x} @click=${null}>z</p>`',
  ],
  ['text that is code elsewhere', 'html`<p title="\\`${x}">$\\{y} and "quoted"</p>`'],
  ['several roots', 'html`<p>1</p>${x}<p>2</p>`'],
  ['blanks and lines', 'html`<p>\n  a\n  <b>c</b> ${x}\n</p>`'],
  [
    'templates in templates',
    'html`<ul>${[1, 2].map((n) => html`<li key=${n}>${n > 1 ? html`<b>${x}</b>` : nothing}</li>`)}</ul>`',
  ],
  ['a value alone', 'html`${x}`'],
]

describe('compiled views', () => {
  for (const [what, template] of CASES) {
    it(`are what the templates say: ${what}`, () => {
      const [read, made] = both(template, { x: 'X', y: 7 })
      expect(made).toEqual(read)
    })
  }

  it('make what holds no value once', () => {
    const code = compiled(
      'import { html } from "./view.js"\nexport const view = (x) => html`<p>${x}<i>same</i></p>`',
      parseAst,
    )
    expect(code).toMatch(/const view_0=\/\*@__PURE__\*\/element\("i",null,"same"\);/)
    expect(code).not.toContain('html')
  })
})
