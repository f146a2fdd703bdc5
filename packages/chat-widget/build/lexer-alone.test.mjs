import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as marked from 'marked'
import { parseAst } from 'rollup/parseAst'
import { describe, expect, it } from 'vitest'
import { decodeEntities } from '../src/markdown/entities.ts'
import { reduceMarked } from './lexer-alone.mjs'

const OPTIONS = { gfm: true, breaks: true }
const file = fileURLToPath(import.meta.resolve('marked'))
const whole = readFileSync(file, 'utf8')
const seed = 41

/** Everything that a rule begins with, in pieces that meet in every order. */
const PIECES = [
  '# head\n',
  'head\n===\n',
  '- a\n  - b\n',
  '1. one\n\n   two\n',
  '- [x] done\n- [ ] open\n',
  '> quote\n> - in it\nlazy\n',
  '```js\ncode()\n```\n',
  '~~~\nopen fence\n',
  '    indented\n',
  '| a | b |\n| :-: | --: |\n| 1 | `2|` |\n',
  '---\n',
  '[ref]: https://a.example "title"\n',
  'a [ref], [link](<b c> "t") and ![image](d.png)\n',
  '**bold *both* ~~gone~~** _under_ snake_case *open\n',
  'https://b.example/x_y, www.c.example and m@d.example\n',
  '<b>tag</b> <https://e.example> &amp; &#65;&#x1F600;&#0;&#38;lt; \\* `code`\n',
  '<div>\nhtml\n</div>\n',
  'end of line  \nnext\\\nlast\n',
  '\n',
  '\t- tab\n',
]

function* answers(count) {
  let state = seed
  const next = () => (state = (state * 48271) % 2147483647)
  for (let index = 0; index < count; index += 1)
    yield Array.from({ length: 1 + (next() % 9) }, () => PIECES[next() % PIECES.length]).join('')
}

/** As text is shown: with its references to characters resolved, once. */
const asShown = (tokens) =>
  JSON.parse(JSON.stringify(tokens), (key, value) => {
    if (value?.type !== 'text' || value.tokens) return value
    return { ...value, text: decodeEntities(value.text) }
  })

/** As `src/markdown/lexer.ts` goes about it. */
function lexed({ Lexer, Tokenizer }, answer) {
  const lexer = new Lexer({ ...OPTIONS, tokenizer: new Tokenizer() })
  lexer.blockTokens(answer, lexer.tokens)
  for (const { src, tokens } of lexer.inlineQueue) {
    lexer.state.inRawBlock = false
    lexer.inlineTokens(src, tokens)
  }
  return lexer.tokens
}

describe('marked with its lexer alone', () => {
  it(`gives the same tokens as the whole of it (seed ${seed})`, async () => {
    const code = reduceMarked(whole, parseAst)
    const reduced = await import(`data:text/javascript,${encodeURIComponent(code)}`)
    for (const answer of [...PIECES, ...answers(500)])
      expect(asShown(lexed(reduced, answer)), answer).toEqual(asShown(lexed(marked, answer)))
  })

  it('holds nothing of what is never asked for', () => {
    const code = reduceMarked(whole, parseAst)
    expect(code).not.toMatch(/walkTokens\(|options\.pedantic|<blockquote>|codeRemoveIndent/)
  })

  it('is refused where marked has another shape', () => {
    const others = {
      'as Tokenizer': 'as Tokeniser',
      'options.pedantic': 'settings.pedantic',
      codeRemoveIndent: 'indent',
      'pedantic:': 'old:',
      '(?<=1)(?<!1)': '(?<=2)(?<!2)',
      'static lexInline': 'static inline',
      'infiniteLoopError(e.': 'infiniteLoopErrors(e.',
      inlineText: 'textWithin',
      '.rules.': '.grammar.',
      'continue}': 'continue;}',
    }
    for (const [now, then] of Object.entries(others))
      expect(() => reduceMarked(whole.replaceAll(now, then), parseAst), now).toThrow('marked')
  })
})
