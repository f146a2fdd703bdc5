import { expect } from 'chai'
import { seededRandom } from '@colloquy/chat-core/testing'
import { randomCuts, renderOpen, renderPieces } from '../../../testing/render-markdown.js'
import { Formulas } from './formulas.js'
import { mathNodes } from './math-nodes.js'

const seed = 61

const ANSWER = [
  'Mass and energy: $E = mc^2$, or **bold with $a_*b*c$ in it**; *even $x^*$ so*.',
  '',
  'So:',
  '$$',
  'a',
  '+ b',
  '= c',
  '$$',
  'and then \\(\\alpha_1 + \\beta_{2}\\), [a link](https://a.example/$x$) and `code $y$`.',
  '',
  '- an item with $\\frac{1}{2}$',
  '',
  '  $$',
  '  \\sum_{i=1}^n i',
  '  $$',
  '- and $5 or $10',
  '',
  '\\[',
  '\\begin{aligned} x &= 1 \\\\',
  '',
  'y &= 2 \\end{aligned}',
  '\\]',
  '',
  '| $a$ | $b_1$ |',
  '| --- | --- |',
  '| $\\sqrt{2}$ | $10 |',
  '',
  '> quoted $q$ and $$r$$ and $never closed',
  '',
  '```tex',
  '$z$',
  '$$',
  '```',
  '',
  '$$ x',
].join('\n')

const HOSTILE = [
  '\\href{javascript:attacked()}{x}',
  '\\url{https://attacker.test}',
  '\\includegraphics{https://attacker.test/x.png}',
  '\\htmlData{onclick=attacked()}{x}',
  '\\htmlStyle{background:url(https://attacker.test)}{x}',
  '\\class{own}{x}',
  '\\style{color:red}{x}',
  '\\id{own}{x}',
  '\\color{red}{x}',
  '\\colorbox{url(https://attacker.test)}{x}',
  '\\rule{1000em}{1000em}',
  '\\hspace{100000em}x',
  '\\def\\a{\\a\\a}\\a',
  '\\newcommand{\\b}[1]{#1\\b{#1#1}}\\b{x}',
  '\\text{<img src=x onerror=attacked()>}',
  '\\label{own}\\ref{own}',
  '\\tag{<script>attacked()</script>} x',
  '\\unknown',
]

const allowed = new Set(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd mphantom mpadded mstyle menclose'.split(
    ' ',
  ),
)

const extra = (): Formulas => new Formulas(() => undefined)
const rendered = (text: string, cuts: readonly number[] = []): HTMLElement =>
  renderPieces(text, cuts, { math: extra() })

describe('formulas before their library is there', () => {
  it('are not seen as TeX, and come all at once with it', async () => {
    let grew: () => void = () => undefined
    const shown = new Promise<void>((done) => (grew = done))
    const dom = renderPieces('a $x^2$ and $\\frac{1}$ b', [], { math: new Formulas(() => grew()) })
    expect(dom.querySelectorAll('.math.waiting').length).to.equal(2)
    await shown
    expect(dom.querySelectorAll('.waiting').length).to.equal(0)
    expect(dom.querySelector('math msup')?.textContent).to.equal('x2')
    expect(dom.textContent).to.equal('a x2 and $\\frac{1}$ b')
  })
})

describe('formulas', () => {
  it('are MathML', () => {
    const dom = rendered('so $\\frac{1}{2}$ of it')
    expect(dom.querySelector('p .math math mfrac')?.textContent).to.equal('12')
    expect(dom.querySelector('math')?.namespaceURI).to.equal('http://www.w3.org/1998/Math/MathML')
    expect(dom.textContent).to.equal('so 12 of it')
  })

  it('stand in lines, items, cells and quotes, and on lines of their own', () => {
    const dom = rendered(ANSWER)
    expect(dom.querySelectorAll('math').length).to.equal(13)
    expect(dom.querySelectorAll('.display').length).to.equal(4)
    const reached = [...dom.querySelectorAll('[tabindex]:not(pre, .table)')]
    expect(reached.map((place) => `${place.role}: ${place.ariaLabel}`)).to.deep.equal(
      Array(4).fill('group: Formula'),
    )
    expect(dom.querySelectorAll('strong math, em math').length).to.equal(2)
    expect(dom.querySelectorAll('li math').length).to.equal(2)
    expect(dom.querySelectorAll('td math, th math').length).to.equal(3)
    expect(dom.textContent).to.contain('$5 or $10').and.to.contain('$never closed').and.to.contain('$$ x')
    expect(dom.querySelector('pre')?.textContent).to.equal('$z$\n$$')
    expect(dom.querySelector('ul ul')).to.equal(null)
  })

  it(`are the same however the answer is cut (seed ${seed})`, () => {
    const whole = rendered(ANSWER).innerHTML
    for (let cut = 0; cut < ANSWER.length; cut += 1)
      expect(rendered(ANSWER, [cut]).innerHTML, `cut at ${cut}`).to.equal(whole)
    for (let run = 0; run < 40; run += 1) {
      const cuts = randomCuts(ANSWER, 12, seededRandom(seed + run))
      expect(rendered(ANSWER, cuts).innerHTML, `cuts ${cuts.join()}`).to.equal(whole)
    }
  })

  it(`are the same however a tangle of marks is cut (seed ${seed})`, () => {
    const pieces =
      '$|$$|\\(|\\)|\\[|\\]|\\|x|x_1|a^2|{|}|5|, |\n|\n\n|\n$$\n|- |> |`|```\n|**|*|[a](https://b.example)|word |# | | |'.split(
        '|',
      )
    for (let run = 0; run < 400; run += 1) {
      const random = seededRandom(seed * 1_000 + run)
      const text = Array.from({ length: 24 }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join(
        '',
      )
      const whole = rendered(text).innerHTML
      const cuts = randomCuts(text, 8, random)
      expect(
        rendered(text, cuts).innerHTML,
        `run ${run}: ${JSON.stringify(text)} at ${cuts.join()}`,
      ).to.equal(whole)
    }
  })

  it('never show their source while they are written', () => {
    const text =
      'If $a_1 + b$ then \\(\\frac{1}{2}\\) and\n\n$$\n\\alpha\n\n\\beta\n$$\n\nend, \\[\\gamma\\] too.'
    for (let length = 0; length <= text.length; length += 1) {
      const shown = renderOpen(text.slice(0, length), { math: extra() })
      for (const formula of shown.querySelectorAll('.math')) formula.remove()
      expect(shown.textContent, `after ${length}`).not.to.match(/[$\\^_{}]|frac|alpha|beta/)
    }
  })

  it('stay text where the site does not ask for them', () => {
    expect(renderPieces('a $x^2$ b').innerHTML).to.equal('<p>a $x^2$ b</p>')
  })

  it('are only elements and attributes of the lists, whatever the TeX', () => {
    performance.clearResourceTimings()
    for (const tex of HOSTILE) {
      const dom = document.body.appendChild(rendered(`$${tex}$\n\n$$${tex}$$`))
      const elements = [...dom.querySelectorAll('.math *')]
      expect(
        elements.filter(({ localName }) => !allowed.has(localName)),
        tex,
      ).to.deep.equal([])
      const names = elements.flatMap((element) => element.getAttributeNames())
      expect(
        names.filter((name) => /^(?:on|style|href|id|src|xlink|mathcolor)/.test(name)),
        tex,
      ).to.deep.equal([])
      for (const { className } of elements.map((element) => ({
        className: element.getAttribute('class') ?? '',
      })))
        expect(className, tex).to.match(/^(?:math-[a-z-]+ ?)*$/)
      for (const element of elements)
        for (const name of ['width', 'height'])
          expect(parseFloat(element.getAttribute(name) ?? '0'), tex).to.be.below(100)
      dom.remove()
    }
    expect(performance.getEntriesByType('resource').map(({ name }) => name)).to.deep.equal([])
  })

  it('are text where the TeX is none', () => {
    const dom = rendered('a $\\frac{1}$ and $\\def\\a{\\a\\a}\\a$ b')
    expect(dom.textContent).to.equal('a $\\frac{1}$ and $\\def\\a{\\a\\a}\\a$ b')
  })

  it('know nothing of each other', () => {
    rendered('$\\gdef\\mine{1}\\mine$')
    expect(() => mathNodes('\\mine', false)).to.throw()
  })
})
