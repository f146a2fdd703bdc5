import { expect, test } from 'vitest'
import { snippetProblems } from './snippet-checks.mjs'
import { asModule, snippetsIn } from './snippets.mjs'

const fenced = (about, code) => `\`\`\`${about}\n${code}\n\`\`\`\n`
const problemsIn = (page) => snippetProblems(process.env, snippetsIn('page.md', page))

test('code blocks are found with their language, their place, and what their reader has already', () => {
  const page = `# Page\n\n<!-- given: declare const a: number;\n  declare const b: string -->\n\n${fenced('ts [a.ts]', 'a')}\ntext\n\n${fenced('js partial', 'b')}`
  const [first, second] = snippetsIn('page.md', page)
  expect(first).toMatchObject({ language: 'ts', line: 7, code: 'a', isPartial: false })
  expect(first.given).toBe('declare const a: number; declare const b: string')
  expect(second).toMatchObject({ language: 'js', code: 'b', given: '', isPartial: true })
})

test('each line of a module is where it stands on the page', () => {
  const page = `# Page\n\n${fenced('ts', 'const here = 1')}`
  const [snippet] = snippetsIn('page.md', page)
  expect(asModule(snippet).split('\n').indexOf('const here = 1')).toBe(
    page.split('\n').indexOf('const here = 1'),
  )
})

test('a block that never ends is no block', () => {
  expect(() => snippetsIn('page.md', '```ts\nlet a')).toThrow('page.md:1')
})

test.each([
  ['sh', 'if true; then', 'page.md:2: '],
  ['json', '{"a": }', 'page.md:2: '],
  ['yaml', 'a: [1', 'page.md:2: '],
  ['css', 'a { color: red', 'page.md:2: '],
  ['ini', 'LLM_PROVIDER=groq\nLLM_PROVIDR=groq', 'page.md:3: no setting: LLM_PROVIDR=groq'],
  ['html', '<p></div>', 'page.md:2: '],
  ['html', '<script>const a = ;</script>', 'page.md:2: '],
  ['html', '<chat-widget proxi="/"></chat-widget>', 'page.md:2: the widget has no proxi'],
  ['cobol', 'STOP RUN', 'page.md:2: nobody knows how to check "cobol"'],
])('what is wrong in %s is told with its place', async (language, code, problem) => {
  const [first] = await problemsIn(fenced(language, code))
  expect(first).toContain(problem)
})

test.each([
  ['sh', 'a=$(b) && c --d "$a"'],
  ['ini', 'LLM_PROVIDER=groq'],
  ['html', '<chat-widget proxy="/" mode="inline"></chat-widget><script>let a = 1</script>'],
  ['json', '{ "a": [1] }'],
  ['ts partial', 'this is ( not'],
])('what is right in %s is told nothing of', async (language, code) => {
  expect(await problemsIn(fenced(language, code))).toEqual([])
})

test('code is compiled against the packages, and what is wrong is told with its place', async () => {
  const right = `import { createChatClient } from '@colloquy/chat-core'\nvoid createChatClient({ baseUrl: '' }).send('a')`
  const wrong = right.replace('send(', 'sent(')
  const problems = await problemsIn(
    `${fenced('ts', right)}\n<!-- given: declare const a: number -->\n\n${fenced('js', 'a.b()')}\n${fenced('tsx', wrong)}`,
  )
  expect(problems.filter((one) => one.startsWith('page.md:'))).toHaveLength(2)
  expect(problems.join('\n')).toMatch(/page\.md:9:\d+: error TS2339.*'b'/)
  expect(problems.join('\n')).toMatch(/page\.md:14:\d+: error TS\d+.*'sent'/)
})
