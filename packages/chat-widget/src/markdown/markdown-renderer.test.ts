import { expect } from 'chai'
import { seededRandom } from '@colloquy/chat-core/testing'
import { everything, fragments } from '../testing/answers.js'
import { blocksOf, plainContext, randomCuts, renderOpen, renderPieces } from '../testing/render-markdown.js'
import { BlockStream } from './block-stream.js'
import { MarkdownRenderer } from './markdown-renderer.js'

const seed = 20_240_607

describe('markdown renderer', () => {
  it('makes headings, lists, quotes, tables, code, rules and tasks', () => {
    const dom = renderPieces(everything)
    const count = (selector: string): number => dom.querySelectorAll(selector).length
    expect(count('h3.h1')).to.equal(1)
    expect(count('strong em')).to.equal(1)
    expect(count('ul ul')).to.equal(1)
    expect(count('ol[start="3"] > li')).to.equal(2)
    expect(count('blockquote ul')).to.equal(1)
    expect(count('input[type=checkbox][disabled]')).to.equal(2)
    expect(count('input[checked]')).to.equal(1)
    expect(count('tbody tr')).to.equal(2)
    expect(count('td br')).to.equal(1)
    expect(dom.querySelector('td')?.textContent).to.equal('a | b')
    expect(count('figure.code')).to.equal(3)
    expect(dom.querySelector('figcaption span')?.textContent).to.equal('ts')
    expect(dom.querySelector('pre code')?.textContent).to.contain(
      "['**not bold**', `${b}`]\n\nif (a < b && c)",
    )
    expect(count('hr')).to.equal(1)
    expect(dom.querySelector('a[href^="https://docs"]')?.textContent).to.equal('by name')
    expect(dom.textContent).to.contain('& © © *not emphasis* <b>tag</b>')
  })

  it('keeps single line breaks, as chats do', () => {
    expect(renderPieces('one\ntwo').innerHTML).to.equal('<p>one<br>two</p>')
  })

  it('gives the same nodes for any single cut as for one write', () => {
    const whole = renderPieces(everything).innerHTML
    for (let cut = 0; cut < everything.length; cut += 1) {
      expect(renderPieces(everything, [cut]).innerHTML, `cut at ${cut}`).to.equal(whole)
    }
  })

  it(`gives the same nodes for random cuts of random answers as for one write (seed ${seed})`, () => {
    const random = seededRandom(seed)
    const pick = (): string => fragments[Math.floor(random() * fragments.length)] ?? ''
    for (let round = 0; round < 1_500; round += 1) {
      const text = Array.from({ length: 1 + Math.floor(random() * 14) }, pick).join('\n')
      const cuts = randomCuts(text, 1 + Math.floor(random() * 20), random)
      const message = `${JSON.stringify(text)} cut at ${cuts.join()}`
      expect(renderPieces(text, cuts).innerHTML, message).to.equal(renderPieces(text).innerHTML)
    }
  })

  it('gives the same nodes letter by letter as for one write', () => {
    const letters = Array.from({ length: everything.length }, (_, index) => index)
    expect(renderPieces(everything, letters).innerHTML).to.equal(renderPieces(everything).innerHTML)
  })

  it('keeps the nodes of blocks that are finished, and the text node that grows', () => {
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, plainContext)
    renderer.render('# One\n\nTwo **bold**\n\nThr', false)
    const before = [...container.querySelectorAll('*')]
    const growing = blocksOf(container).at(-1)
    renderer.render('# One\n\nTwo **bold**\n\nThree and more', false)
    expect([...container.querySelectorAll('*')].every((node, index) => node === before[index])).to.equal(true)
    expect(blocksOf(container).at(-1) === growing).to.equal(true)
    renderer.render('# One\n\nTwo **bold**\n\nThree and more\n\n- list\n', true)
    expect(before.every((node) => container.contains(node))).to.equal(true)
  })

  it('keeps the items of a list when one turns out to be a task', () => {
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, plainContext)
    renderer.render('- milk\n- bread', false)
    const before = container.querySelector('li')
    renderer.render('- milk\n- bread\n- [x] salt', true)
    expect(container.querySelector('li') === before).to.equal(true)
    expect([...container.querySelectorAll('li')].map(({ className }) => className)).to.deep.equal([
      '',
      '',
      'task',
    ])
  })

  it('starts over when the text does not continue what was shown', () => {
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, plainContext)
    renderer.render('Half an ans', false)
    renderer.render('Something else', true)
    expect(blocksOf(container).map(({ textContent }) => textContent)).to.deep.equal(['Something else'])
  })

  it('never shows a mark whose end may still come', () => {
    const text = everything.slice(0, everything.indexOf('![Image]'))
    const raw = /\*\*|~~|`|\]\(|(?<!by name\])\[(?!x|by name\]\[docs)|^#|\| ?:?-|^\s*[-*>]$/m
    for (let cut = 1; cut < text.length; cut += 1) {
      const dom = renderOpen(text.slice(0, cut))
      for (const code of dom.querySelectorAll('code')) code.remove()
      expect(
        raw.exec(dom.textContent ?? '')?.[0],
        JSON.stringify(text.slice(Math.max(0, cut - 30), cut)),
      ).to.equal(undefined)
    }
  })

  it('resolves a reference when its definition comes, also in a finished block', () => {
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, plainContext)
    renderer.render('See [the docs][1].\n\n- and [1]\n\nEnd.\n\n', false)
    expect(container.querySelectorAll('a').length).to.equal(0)
    renderer.render('See [the docs][1].\n\n- and [1]\n\nEnd.\n\n[1]: https://example.com/\n\nMore', false)
    expect([...container.querySelectorAll('a')].map(({ textContent }) => textContent)).to.deep.equal([
      'the docs',
      '1',
    ])
  })

  it('resolves a reference within other marks of a table that is still open, when its definition comes', () => {
    const text = '| a | b |\n|---|---|\n| **[Docs][1]** | 1 |\n\nEnd.\n\n[1]: https://example.com/'
    const whole = renderPieces(text).innerHTML
    expect(whole).to.contain('<strong><a ')
    for (let cut = 0; cut < text.length; cut += 1)
      expect(renderPieces(text, [cut]).innerHTML, `cut at ${cut}`).to.equal(whole)
  })

  it('completes what a definition concerns when it comes, a little at a time, and nothing else', () => {
    const paragraph = `Words with [a link][one] and ${'more words '.repeat(20)}.\n\n`
    const text = `Alone.\n\n${paragraph.repeat(100)}> In a [quote,\n> over two Lines]\n\n`
    const definitions = '[one]: https://one.example\n[quote, over two lines]: https://two.example\n'
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, plainContext)
    renderer.render(text, false)
    const [alone] = blocksOf(container)
    expect(renderer.render(text + definitions, true)).to.equal(true)
    const counts = [container.querySelectorAll('a').length]
    while (renderer.complete()) counts.push(container.querySelectorAll('a').length)
    counts.push(container.querySelectorAll('a').length)
    expect(counts.at(-1)).to.equal(101)
    const steps = counts.slice(1).map((count, index) => count - (counts[index] ?? 0))
    expect(Math.max(...steps)).to.be.below(15)
    expect(blocksOf(container)[0]).to.equal(alone)
  })

  it('reads what waits for definitions once, however many there are and however they come', () => {
    const labels = Array.from({ length: 1_000 }, (_, index) => `label ${index}`)
    const text = labels.map((label) => `See [${label}], and then go on.\n\n`).join('')
    const definitions = labels.map((label, index) => `[${label}]: https://example.com/${index}\n`)
    const stream = new BlockStream({ html: false, math: null })
    stream.append(text)
    const before = [...stream.settled]
    let read = 0
    for (const definition of definitions) {
      stream.append(definition)
      read += stream.completeSome(Infinity).length
    }
    stream.end()
    read += stream.completeSome(Infinity).length
    expect(read).to.equal(1_000)
    expect(stream.settled.filter((token, index) => token === before[index]).length).to.equal(0)
    const whole = renderPieces(text + definitions.join(''))
    expect(whole.querySelectorAll('a').length).to.equal(1_000)
    expect(renderPieces(text + definitions.join(''), [30_000, 40_000, 50_000]).innerHTML).to.equal(
      whole.innerHTML,
    )
  })

  it('touches as much of the page for a word at the end of a long answer as at the end of a short one', async () => {
    const touched = async (blocks: number): Promise<number> => {
      const container = document.createElement('div')
      const renderer = new MarkdownRenderer(container, plainContext)
      const text = 'A short paragraph.\n\n'.repeat(blocks)
      renderer.render(text, false)
      const records: MutationRecord[] = []
      const observer = new MutationObserver((list) => records.push(...list))
      observer.observe(container, { childList: true, characterData: true, subtree: true })
      renderer.render(`${text}And`, false)
      renderer.render(`${text}And more.`, true)
      await Promise.resolve()
      observer.disconnect()
      const wide = Math.max(
        ...[container, ...container.querySelectorAll('div')].map((each) => each.children.length),
      )
      expect(wide).to.be.most(64)
      return records.length
    }
    expect(await touched(9_001)).to.equal(await touched(9))
  })

  it('takes so many definitions and no more, however they come', () => {
    const labels = Array.from({ length: 1_100 }, (_, index) => `of-${index}`)
    const text = `${labels.map((label) => `[${label}]`).join('\n\n')}\n\n${labels.map((label) => `[${label}]: https://a.example`).join('\n')}`
    for (const cuts of [[], [20_000], [15_000, 30_000, 50_000]])
      expect(renderPieces(text, cuts).querySelectorAll('a').length, `cut at ${cuts.join()}`).to.equal(1_000)
  })

  it('shows raw HTML as the text that it is', () => {
    const dom = renderPieces('<div onclick="x()">**a**</div>\n\n<script>x()</script> and <i>b</i>')
    expect(dom.querySelectorAll('div, script, i').length).to.equal(0)
    expect(dom.textContent).to.contain('<script>x()</script> and <i>b</i>')
  })
})
