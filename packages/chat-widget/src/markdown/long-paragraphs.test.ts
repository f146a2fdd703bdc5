import { expect } from 'chai'
import { seededRandom } from '@colloquy/chat-core/testing'
import { plainContext, randomCuts, renderPieces } from '../testing/render-markdown.js'
import { BlockStream } from './block-stream.js'
import { mathSyntax } from './extras/math/math-syntax.js'
import { PARSE_LIMITS } from './limits.js'
import { MarkdownRenderer } from './markdown-renderer.js'

const seed = 20_261_122

const phrases = [
  'words that go on',
  'and on with **bold** ones',
  '`code` among them',
  '[a link](https://a.example/x)',
  '[a name] of something',
  '*emphasis that\nends in the next line*',
  'snake_case_words',
  '5 * 3 is 15',
  'a lone ** mark',
  'https://b.example/path_of_it',
  '$x^2$ and \\(y\\)',
]

function longParagraph(length: number, random: () => number): string {
  let text = 'It begins'
  while (text.length < length)
    text += (random() < 0.1 ? '\n' : ' ') + String(phrases[Math.floor(random() * phrases.length)])
  return text
}

describe('long paragraphs', () => {
  it(`are the same for random cuts as for one write, in whatever they stand (seed ${seed})`, () => {
    const random = seededRandom(seed)
    for (let round = 0; round < 24; round += 1) {
      const paragraph = longParagraph(6_000 + random() * 12_000, random)
      const opening = ['', '- ', '> ', '## ', '1. first\n2. '][round % 5] ?? ''
      const text = `${opening}${paragraph}\n\nend\n\n[a name]: https://c.example`
      const cuts = randomCuts(text, 20, random)
      expect(renderPieces(text, cuts).innerHTML, `cut at ${cuts.join()}`).to.equal(
        renderPieces(text).innerHTML,
      )
    }
  })

  it('have all their text, and their marks where one is open for long', () => {
    const words = 'and so on '.repeat(PARSE_LIMITS.pieceWithOpenMarks / 5)
    const dom = renderPieces(`A lone [ and **${'bold '.repeat(20).trim()}** ${words}then **more** and *it`)
    expect(dom.textContent).to.contain(`${words}then more and *it`)
    expect(dom.querySelectorAll('strong').length).to.equal(2)
  })

  it('have emphasis, code and links that stand where a piece could end', () => {
    for (const long of ['**', '*', '`', '~~']) {
      const text = `${'word '.repeat(PARSE_LIMITS.piece / 5 - 10)}${long}${'in it '.repeat(50).trim()}${long} and on ${'word '.repeat(500)}`
      const dom = renderPieces(text)
      expect(dom.querySelector('strong, em, code, del')?.textContent?.length, long).to.equal(50 * 6 - 1)
    }
  })

  it('are lexed once, but for their end', () => {
    const stream = new BlockStream({ html: false, math: mathSyntax })
    const sentence = 'Words with **bold** ones, `code` and [a link](https://a.example/), $x$ as well. '
    let before: readonly unknown[] = []
    for (let count = 1; count <= 300; count += 1) {
      stream.append(sentence)
      const [paragraph] = stream.readOpen()
      const tokens = paragraph?.type === 'paragraph' ? (paragraph.tokens ?? []) : []
      const again = tokens.filter((each, index) => index < before.length && each !== before[index])
      expect(again.length, `of ${count}`).to.be.most((9 * (PARSE_LIMITS.piece + 100)) / sentence.length)
      before = tokens
    }
    expect(before.length).to.be.greaterThan(2_000)
  })

  it('keep the nodes of their links and images while they grow', () => {
    const container = document.createElement('div')
    const renderer = new MarkdownRenderer(container, {
      ...plainContext,
      imageHosts: new Set(['127.0.0.1:9']),
    })
    const text = 'See [this](https://a.example/x) and ![that](https://127.0.0.1:9/a.png)'
    renderer.render(`${text} and`, false)
    const before = [...container.querySelectorAll('a, img')]
    expect(before.length).to.equal(2)
    renderer.render(`${text} and more.`, true)
    const after = [...container.querySelectorAll('a, img')]
    expect(after.every((node, index) => node === before[index])).to.equal(true)
  })
})
