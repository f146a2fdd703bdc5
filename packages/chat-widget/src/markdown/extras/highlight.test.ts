import { expect } from 'chai'
import { highlight } from './highlight.js'
import { languageNamed } from './languages.js'

const LANGUAGES = (
  'bash c cpp csharp css diff dockerfile go graphql ini java javascript json kotlin less lua makefile markdown objectivec ' +
  'perl php powershell python r ruby rust scala scss sql swift typescript xml yaml'
).split(' ')

/** Something that every language finds a string, a number or a word of its own in. */
const SAMPLE = `# heading
<?php if (x) { return 'text' } ?>
const a = "text" // 42
<b class="x" onclick="attacked()">&amp;</b><script>let x = 1</script>
@media { .a { color: #fff } }
{"key": [1, true, null], "other": "text"}
func main() { fmt.Println("x") }
+ added
- removed
- key: value
SELECT name FROM users WHERE id = 1;
[section]
  all: main.o
FROM node:24
`

async function coloured(text: string, language: string): Promise<HTMLElement> {
  const code = document.createElement('code')
  code.textContent = text
  await highlight(code, language)
  return code
}

/** What stands in the nodes that is neither text nor a span with one class of ours. */
const faultsOf = (code: Element): string[] =>
  [...code.querySelectorAll('*')]
    .filter(
      ({ localName, attributes }) =>
        localName !== 'span' || [...attributes].some((each) => each.name !== 'class'),
    )
    .map(({ outerHTML }) => outerHTML)
    .concat(
      [...code.querySelectorAll('[class]')]
        .map(({ className }) => className)
        .filter((name) => !/^hl-[a-z_-]+$/.test(name)),
    )

describe('the colours of code', () => {
  for (const language of LANGUAGES) {
    it(`leave the text as it is: ${language}`, async () => {
      const code = await coloured(SAMPLE, language)
      expect(code.textContent).to.equal(SAMPLE)
      expect(code.querySelectorAll('span[class]').length).to.be.greaterThan(0)
      expect(faultsOf(code)).to.deep.equal([])
    })
  }

  it('tell keywords, strings, numbers and comments apart', async () => {
    const code = await coloured("const a = 'b' + 42 // c", 'ts')
    const found = [...code.querySelectorAll('span')].map(({ className, textContent }) => [
      className,
      textContent,
    ])
    expect(found).to.deep.equal([
      ['hl-keyword', 'const'],
      ['hl-string', "'b'"],
      ['hl-number', '42'],
      ['hl-comment', '// c'],
    ])
  })

  it('reach into languages inside a language', async () => {
    const code = await coloured('<style>a { color: red }</style><script>const a = 1</script>', 'html')
    const found = [...code.querySelectorAll('.hl-keyword, .hl-attribute')].map(
      ({ textContent }) => textContent,
    )
    expect(found).to.deep.equal(['color', 'const'])
  })

  it('know the names that people use', () => {
    const names = ['TS', 'c++', 'py', 'html', 'yml', 'sh', 'c#', 'constructor', '__proto__', ''].map(
      languageNamed,
    )
    expect(names).to.deep.equal([
      'typescript',
      'cpp',
      'python',
      'xml',
      'yaml',
      'bash',
      'csharp',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('are not given to what no grammar is for, nor to what nobody reads', async () => {
    for (const [text, language] of [
      ['const a = 1', 'brainfuck'],
      ['const a = 1\n'.repeat(2_000), 'js'],
    ] as const) {
      const code = await coloured(text, language)
      expect([code.childNodes.length, code.textContent]).to.deep.equal([1, text])
    }
  })
})
