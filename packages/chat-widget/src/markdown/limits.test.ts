import { expect } from 'chai'
import { seededRandom } from '@colloquy/chat-core/testing'
import { randomCuts, renderOpen, renderPieces } from '../testing/render-markdown.js'
import { nestingOf, PARSE_LIMITS, withinInlineBudget } from './limits.js'

const times = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length)

/** Shapes that make a Markdown lexer recurse or look back without end. */
const hostile = [
  ['[', '![', '[a](', '[[a](', '**a ', '_**a', '*a_ ', 'a_*b', '[*a', '*[', '~~a ', '`a``b```', '![a](b '],
  [
    '> ',
    '>',
    '- ',
    '1. ',
    '* > - ',
    '|',
    '|a',
    'a|b\n',
    '<a ',
    '<!--',
    '<![CDATA[',
    '\\',
    '&',
    '&#x41;',
    '!',
  ],
  [
    'http://a.',
    'a@b.',
    'a@',
    '# ',
    '---\n',
    'a\n',
    'a\n\n',
    '- a\n',
    '> a\n\n',
    '```\n',
    '[a]: b\n',
    '(',
    ' ',
  ],
  [
    '\t',
    '\n',
    '_',
    '*',
    '~',
    '=\n',
    '[a][b',
    '[^a]: ',
    '😀*',
    '😀',
    '—',
    '█',
    '。',
    '\u00a0',
    '\r',
    '- [ ] ',
    '    a\n',
    '<br>',
  ],
].flat()

describe('parse budget', () => {
  it('counts markers and indentation as levels', () => {
    expect(nestingOf('text')).to.equal(0)
    expect(nestingOf('> - 1. text')).to.equal(3)
    expect(nestingOf('-text')).to.equal(0)
    expect(nestingOf(`${' '.repeat(20)}- text`)).to.equal(11)
  })

  it('lets through what people write', () => {
    expect(withinInlineBudget('**Bold** and *it* and `x`. '.repeat(300))).to.equal(true)
    expect(withinInlineBudget(`see https://example.com/${'path/'.repeat(300)}`)).to.equal(true)
    expect(withinInlineBudget('snake_case_name '.repeat(500))).to.equal(true)
    for (const sign of ['🎉', '█', '—', '。'])
      expect(withinInlineBudget(sign.repeat(5_000)), sign).to.equal(true)
    expect(withinInlineBudget('!'.repeat(501))).to.equal(false)
  })

  for (const shape of hostile) {
    it(`shows 20,000 characters of ${JSON.stringify(shape)}, whole and streamed`, () => {
      const text = `before\n\n${times(shape, 20_000)}\n\nafter **all**`
      const cuts = [500, 5_000, 12_345, 20_010]
      const whole = renderPieces(text)
      expect(whole.firstChild?.textContent).to.equal('before')
      expect(renderPieces(text, cuts).innerHTML === whole.innerHTML).to.equal(true)
    })
  }

  it('goes on as Markdown after a paragraph that was too much', () => {
    const dom = renderPieces(`${'*a '.repeat(500)}\n\nThen **bold**.`)
    expect(dom.firstChild?.textContent?.trim()).to.equal('*a '.repeat(500).trim())
    expect(dom.lastElementChild?.innerHTML).to.equal('Then <strong>bold</strong>.')
  })

  it('shows a block of more than 64 kB as text, and ends it with a blank line', () => {
    const big = 'word **word** '.repeat(6_000)
    const dom = renderPieces(`${big}\n\n**after**`, [10, PARSE_LIMITS.blockLength + 1])
    expect(dom.firstElementChild?.className).to.equal('plain')
    expect(dom.querySelectorAll('strong').length).to.equal(1)
    expect(dom.textContent?.length).to.be.greaterThan(big.length - 10)
  })

  it('keeps code of more than 64 kB code, and ends it with its fence', () => {
    const code = 'const line = 1\n\n'.repeat(6_000)
    const text = `\`\`\`js\n${code}\`\`\`\n\nafter *it*`
    const dom = renderPieces(text, [100, 70_000, 80_000])
    expect(dom.querySelector('code')?.textContent?.length).to.equal(code.length - 1)
    expect(dom.lastElementChild?.innerHTML).to.equal('after <em>it</em>')
    expect(renderPieces(text).innerHTML === dom.innerHTML).to.equal(true)
  })

  it('cuts what is far too long into the same pieces, however it comes (seed 7)', () => {
    const text = 'one word after the other '.repeat(6_000)
    const code = `\`\`\`js\n${'const a = b\n'.repeat(15_000)}\`\`\``
    for (const long of [text, text.replaceAll(' ', ''), '😀'.repeat(50_000), code, `a\n> ${text}`]) {
      const answer = `${long}\n\n**after**`
      const whole = renderPieces(answer)
      expect(whole.textContent?.replace(/\s/g, '')).to.contain(long.slice(-20).replace(/[\s`]/g, ''))
      for (let run = 0; run < 4; run += 1) {
        const cuts = randomCuts(answer, 12, seededRandom(7 + run))
        expect(renderPieces(answer, cuts).innerHTML === whole.innerHTML, `cuts ${cuts.join()}`).to.equal(true)
      }
      expect(whole.lastElementChild?.innerHTML).to.equal('<strong>after</strong>')
    }
  }).timeout(60_000)

  it('does not build millions of cells from a wide table', () => {
    const wide = `|${'a|'.repeat(500)}\n|${'-|'.repeat(500)}\n${'|\n'.repeat(5_000)}`
    expect(renderPieces(wide).querySelectorAll('td').length).to.equal(0)
  })

  it('stays within 32 levels while the deeper ones are still coming', () => {
    const dom = renderOpen('> '.repeat(5_000))
    expect(dom.querySelectorAll('blockquote').length).to.be.lessThan(33)
  })
})
