import { expect } from 'chai'
import type { Token, Tokens } from 'marked'
import { seededRandom } from '@colloquy/chat-core/testing'
import { fragments } from '../testing/answers.js'
import { blocksOf, math, plainContext, randomCuts, renderPieces } from '../testing/render-markdown.js'
import { BlockStream } from './block-stream.js'
import { mathSyntax } from './extras/math/math-syntax.js'
import { MarkdownRenderer } from './markdown-renderer.js'

const seed = 20_261_121

const times = (count: number, line: string): string[] => Array<string>(count).fill(line)

/** What stands in long lists and tables, and what ends them or changes what came before. */
const inLists = times(40, '- item with **bold** words').concat(
  ['  - nested', '  more of it', 'lazy', '', '', '- ```', '  ```', '- [ ] task', '- [a]: https://a.example'],
  ['- see [a]', '- > quote', '   - further in', '-', '- - -', '1. another list', '  | a | b |', '* star'],
)
const inTables = times(30, '| one | **two** |').concat([
  '| a |',
  '|',
  '| a \\| b | `c` | d |',
  '- item',
  '',
  'words',
  '| [a] | b |',
  '[a]: https://a.example',
])
const beginnings = [
  { first: ['- one', '- two', '- three'], rest: inLists },
  { first: ['3. one', '4. two', '5. three'], rest: inLists.concat(times(40, '6. item')) },
  { first: ['- one', '- two', '- three'], rest: fragments },
  { first: ['| a | b |', '| - | :-: |'], rest: inTables },
]

const inMath = [
  '- $x^2$',
  '  $$ y $$',
  '- \\(y\\) and \\(z',
  '  \\[ z \\]',
  '- $5 and `$z$`',
  '- $a',
  '| $a$ | 1 |',
  '| $b | 2$ |',
]

/** Items or rows of the last list or table within the last one, and so on. */
function innermostParts(tokens: readonly Token[]): readonly unknown[] {
  const last = tokens.at(-1)
  if (!last) return []
  if (last.type === 'table') return (last as Tokens.Table).rows
  const within = last.type === 'list' ? (last as Tokens.List).items.at(-1) : (last as Tokens.Blockquote)
  const parts = innermostParts(within?.tokens ?? [])
  return parts.length > 0 || last.type !== 'list' ? parts : (last as Tokens.List).items
}

describe('long lists and tables', () => {
  it(`are the same for random cuts where formulas stand among them (seed ${seed})`, () => {
    const random = seededRandom(seed)
    const withMath = beginnings.filter(({ rest }) => rest !== fragments)
    for (let round = 0; round < 300; round += 1) {
      const { first, rest } = withMath[round % withMath.length] ?? { first: [], rest: [] }
      const pool = [...rest, ...inMath, ...inMath]
      const lines = Array.from({ length: 5 + Math.floor(random() * 30) }, () =>
        String(pool[Math.floor(random() * pool.length)]),
      )
      const text = [...first, ...lines].join('\n')
      const cuts = randomCuts(text, 25, random)
      const message = `${JSON.stringify(text)} cut at ${cuts.join()}`
      expect(renderPieces(text, cuts, { math }).innerHTML, message).to.equal(
        renderPieces(text, [], { math }).innerHTML,
      )
    }
  })

  it(`are the same for random cuts as for one write (seed ${seed})`, () => {
    const random = seededRandom(seed)
    for (let round = 0; round < 400; round += 1) {
      const { first, rest } = beginnings[round % beginnings.length] ?? { first: [], rest: [] }
      const lines = Array.from({ length: 5 + Math.floor(random() * 40) }, () =>
        String(rest[Math.floor(random() * rest.length)]),
      )
      const text = [...first, ...lines].join('\n')
      const cuts = randomCuts(text, 25, random)
      const message = `${JSON.stringify(text)} cut at ${cuts.join()}`
      expect(renderPieces(text, cuts).innerHTML, message).to.equal(renderPieces(text).innerHTML)
    }
  })

  it('are the same where a formula reaches over what looked like the end of one, and lose nothing', () => {
    const text = '- a\n  \\[\n- b\n\nc\n\n$$\nd\n  \\]\n- e\n\nf\n  $$\n  $$'
    const whole = renderPieces(text, [], { math })
    expect(whole.textContent).to.contain('d').and.to.contain('f')
    for (let cut = 0; cut < text.length; cut += 1)
      expect(renderPieces(text, [cut], { math }).innerHTML, `cut at ${cut}`).to.equal(whole.innerHTML)
  })

  it('are the same where code within an item looks as if a formula could not follow it', () => {
    const text = '- `$z$`\n  ```\n| a | b |\n$$\n- item\n- item\n  $$\ntext'
    const whole = renderPieces(text, [], { math })
    for (let cut = 0; cut < text.length; cut += 1)
      expect(renderPieces(text, [cut], { math }).innerHTML, `cut at ${cut}`).to.equal(whole.innerHTML)
  })

  it('are the same for any single cut where their end is hard to tell', () => {
    for (const text of [
      '- n\u00a0\na\n',
      '- n\u3000\n- b\u3000\u00a0\nlazy\n\nend',
      'm\n*\to\n-\n',
      'm\n1.\to\n===\n',
      'a\n$$z$$\n-\n',
    ]) {
      const whole = renderPieces(text, [], { math }).innerHTML
      for (let cut = 0; cut < text.length; cut += 1)
        expect(
          renderPieces(text, [cut], { math }).innerHTML,
          `${JSON.stringify(text)} cut at ${cut}`,
        ).to.equal(whole)
    }
  })

  it('are the same for any single cut as for one write', () => {
    for (const text of [
      '1. one\n2. two\n3. three\n\n   more\n4. four\n\nend',
      '- a\n- b\n- [ ] c\n- d\n- see [x]\n- [x]: https://x.example\n- f\n',
      'a | b\n--|--\n1 | 2\n3 | 4\n5 | **6**\n7 | 8\n\nend',
    ]) {
      const whole = renderPieces(text).innerHTML
      const cuts = Array.from({ length: text.length }, (_, index) => index)
      expect(renderPieces(text, cuts).innerHTML).to.equal(whole)
      for (const cut of cuts) expect(renderPieces(text, [cut]).innerHTML, `cut at ${cut}`).to.equal(whole)
    }
  })

  for (const [name, beginning, part] of [
    ['items', '', '- An item with **bold** words.\n'],
    ['items that stand apart', '', '1. An item with `code`.\n\n   ```js\n   code()\n   ```\n\n'],
    ['rows', '| a | b |\n|---|---|\n', '| one | **two** |\n'],
  ] as const) {
    it(`lex ${name} once, however many there are, also where a formula may come`, () => {
      const stream = new BlockStream({ html: false, math: mathSyntax })
      stream.append(beginning)
      let before: unknown[] = []
      for (let count = 1; count <= 300; count += 1) {
        stream.append(part)
        const [block] = stream.readOpen()
        const parts: unknown[] =
          block && 'items' in block ? block['items'] : block && 'rows' in block ? block['rows'] : []
        expect(parts.length).to.equal(count)
        const again = parts.filter((each, index) => index < before.length && each !== before[index])
        expect(again.length, `of ${count}`).to.be.most(3)
        before = parts
      }
    })
  }

  for (const [name, beginning, part] of [
    ['formulas', '', '- So $x^2$ and \\(y\\) are **as** they are.\n'],
    ['an item', '- first\n- outer\n', '  - inner with **bold** words\n'],
    ['an item in a quote', '> 1. outer\n>\n', '>    - inner with `code`\n'],
    ['a table in an item', '- outer\n\n  | a | b |\n  | - | - |\n', '  | one | **two** |\n'],
  ] as const) {
    it(`lex what is finished once where there is ${name}`, () => {
      const stream = new BlockStream({ html: false, math: mathSyntax })
      stream.append(beginning)
      let before: readonly unknown[] = []
      for (let count = 1; count <= 100; count += 1) {
        stream.append(part)
        const parts = innermostParts(stream.readOpen())
        expect(parts.length).to.equal(count)
        const again = parts.filter((each, index) => index < before.length && each !== before[index])
        expect(again.length, `of ${count}`).to.be.most(3)
        before = parts
      }
    })
  }

  it('lex what is finished once, wherever the pieces end in which it comes', () => {
    for (const [beginning, part] of [
      ['', '- An item with **bold** words.\n'],
      ['| a | b |\n|---|---|\n', '| one | **two** |\n'],
      ['- first\n- outer\n', '  - inner with **bold** words\n'],
    ] as const) {
      const stream = new BlockStream({ html: false, math: mathSyntax })
      const text = beginning + part.repeat(200)
      let before: readonly unknown[] = []
      // None ends with a line.
      for (let at = 0; at < text.length - 50; at += part.length) {
        stream.append(text.slice(at === 0 ? 0 : at + 5, at + part.length + 5))
        const parts = innermostParts(stream.readOpen())
        const again = parts.filter((each, index) => index < before.length && each !== before[index])
        expect(again.length, `of ${parts.length}`).to.be.most(4)
        before = parts
      }
      expect(before.length).to.be.greaterThan(190)
    }
  })

  it('lex the words of the paragraphs of an item once', () => {
    const stream = new BlockStream({ html: false, math: mathSyntax })
    stream.append('- An item\n')
    let before: readonly unknown[] = []
    for (let count = 1; count <= 100; count += 1) {
      stream.append(`\n  has paragraph ${count}, with **bold** words`)
      const [list] = stream.readOpen()
      const paragraphs =
        list?.type === 'list' ? (list as Tokens.List).items.flatMap(({ tokens }) => tokens) : []
      const words = paragraphs.flatMap((each) => (each as Tokens.Paragraph).tokens ?? [])
      stream.append('.\n')
      const again = words.filter((each, index) => index < before.length && each !== before[index])
      expect(again.length, `of ${count}`).to.be.most(5)
      before = words
    }
    expect(before.length).to.be.greaterThan(200)
  })

  it('are not lexed a second time to be shown', () => {
    const stream = new BlockStream({ html: false, math: null })
    stream.append('- one\n- two\n')
    expect(stream.readOpen()[0]).to.equal(stream.readOpen()[0])
    stream.append('- three')
    expect(stream.readOpen()[0]).not.to.equal(stream.readOpen()[0])
  })

  it('are lexed anew where what follows is no part of the same list', () => {
    const stream = new BlockStream({ html: false, math: null })
    const items = '- one\n- two\n- three\n- four\n'
    stream.append(items)
    stream.readOpen()
    stream.append(`\n1. again\n\n   ${items.replaceAll('\n', '\n   ')}lazy\n`)
    const shown = stream.readOpen()
    stream.end()
    expect(JSON.stringify(shown)).to.contain('four\\nlazy')
  })

  it('keep their nodes while they grow', () => {
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, plainContext)
    const item = '- An item with **bold** words.\n'
    renderer.render(item.repeat(50), false)
    const before = [...container.querySelectorAll('li')]
    renderer.render(`${item.repeat(60)}- One more`, false)
    renderer.render(`${item.repeat(60)}- One more.\n\nEnd.`, true)
    expect(blocksOf(container).length).to.equal(2)
    const after = [...container.querySelectorAll('li')]
    expect(after.length).to.equal(61)
    expect(before.every((node, index) => node === after[index])).to.equal(true)
  })
})
