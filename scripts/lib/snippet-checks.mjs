import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { format } from 'prettier'
import { root } from './paths.mjs'
import { run } from './processes.mjs'
import { asModule, snippetsIn } from './snippets.mjs'

const docs = join(root, 'docs')
/** Where the docs' own packages are found: those that their code imports. Each check has a folder of its own in it. */
const workplaces = join(docs, '.snippets')

/** Compiled strictly, as whoever writes TypeScript does, and loosely, because JavaScript says nothing of types. */
const COMPILED = { ts: 'strict', tsx: 'strict', js: 'loose', jsx: 'loose' }
const PARSED = ['css', 'html', 'json', 'yaml']
const SCRIPT = /<script\b[^>]*>([^]*?)<\/script>/g
/** What is said, or done by hand. */
const PROSE = ['', 'text', 'sql']

/** @returns {import('./snippets.mjs').Snippet[]} all code that a reader of the docs may copy */
export const allSnippets = () =>
  pages().flatMap((file) => snippetsIn(file, readFileSync(join(root, file), 'utf8')))

/** Everything that is written for readers, from the root of the checkout. */
export function pages() {
  const written = readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/node_modules|^api\b|^\./.test(name))
    .map((name) => `docs/${name}`)
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...packages, ...written]
}

/**
 * Compiles and parses the code of the docs against the built packages.
 * @param {object} env
 * @param {import('./snippets.mjs').Snippet[]} snippets
 * @returns {Promise<string[]>} what is wrong, each with its page and line
 */
export async function snippetProblems(env, snippets = allSnippets()) {
  const whole = snippets.filter(({ isPartial }) => !isPartial)
  const compiled = whole.filter(({ language }) => COMPILED[language])
  const others = whole.filter(({ language }) => !COMPILED[language])
  const found = await Promise.all([compile(compiled, env), ...others.map((one) => problemsOf(one, env))])
  return found.flat()
}

async function problemsOf(snippet, env) {
  const { language, code } = snippet
  const at = `${snippet.file}:${snippet.line}`
  if (PROSE.includes(language)) return []
  if (language === 'sh') return shellProblems(snippet, env)
  if (language === 'ini') return settingProblems(snippet)
  if (!PARSED.includes(language)) return [`${at}: nobody knows how to check "${language}"`]
  try {
    await format(code, { parser: language })
    if (language !== 'html') return []
    for (const [, script = ''] of code.matchAll(SCRIPT)) await format(script, { parser: 'babel' })
    return attributeProblems(snippet)
  } catch (error) {
    return [`${at}: ${error.message}`]
  }
}

async function shellProblems({ file, line, code }, env) {
  const { code: exit, output } = await run('bash', ['-n', '-c', code], { env })
  return exit === 0 ? [] : [`${file}:${line}: ${output.trim()}`]
}

/** Lines of a `.env`. */
function settingProblems({ file, line, code }) {
  const known = new Set(readFileSync(join(root, '.env.example'), 'utf8').match(/\b[A-Z][A-Z0-9_]+(?==)/g))
  return code.split('\n').flatMap((text, index) => {
    const name = /^([A-Z][A-Z0-9_]*)=\S/.exec(text)?.[1]
    return name !== undefined && known.has(name) ? [] : [`${file}:${line + index}: no setting: ${text}`]
  })
}

/** What a page says to the widget is what it listens to. */
function attributeProblems({ file, line, code }) {
  const problems = []
  const known = widgetAttributes()
  for (const [, tag, text = ''] of code.matchAll(/<(chat-widget|script)\b((?:[^>"]|"[^"]*")*)>/g)) {
    if (tag === 'script' && !text.includes('widget.js')) continue
    const names = [...text.replace(/"[^"]*"/g, '').matchAll(/[\w-]+/g)].map(([name]) => name)
    const said = tag === 'script' ? names.flatMap((name) => /^data-(.+)/.exec(name)?.[1] ?? []) : names
    problems.push(...said.filter((name) => !known.has(name)).map((name) => `the widget has no ${name}`))
  }
  return problems.map((problem) => `${file}:${line}: ${problem}`)
}

function widgetAttributes() {
  const manifest = join(root, 'packages/chat-widget/dist/custom-elements.json')
  const declarations = JSON.parse(readFileSync(manifest, 'utf8')).modules.flatMap(
    (one) => one.declarations ?? [],
  )
  const widget = declarations.find(({ tagName }) => tagName === 'chat-widget')
  // Any element has the rest.
  return new Set([...widget.attributes.map(({ name }) => name), 'lang', 'id', 'class', 'slot', 'style'])
}

/** Every one as a module of its own, in a folder for each way to compile. */
async function compile(snippets, env) {
  mkdirSync(workplaces, { recursive: true })
  const workplace = mkdtempSync(`${workplaces}/`)
  try {
    for (const snippet of snippets) {
      const { file, line, language } = snippet
      // JavaScript too, so that what is given may have a type.
      const name = `${file}.${line}.${language.replace('j', 't')}`
      const path = join(workplace, COMPILED[language], name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, asModule(snippet))
    }
    const kinds = [...new Set(snippets.map(({ language }) => COMPILED[language]))]
    return (await Promise.all(kinds.map((kind) => compileAll(workplace, kind, env)))).flat()
  } finally {
    rmSync(workplace, { recursive: true, force: true })
  }
}

async function compileAll(workplace, kind, env) {
  const folder = join(workplace, kind)
  const settings = {
    extends: '../../../tsconfig.snippets.json',
    compilerOptions: { strict: kind === 'strict' },
    include: ['**/*'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const { code, output } = await run('pnpm', ['exec', 'tsc', '--pretty', 'false', '-p', folder], { env })
  if (code === 0) return []
  const from = `${relative(root, folder)}/`
  return output
    .trim()
    .split('\n')
    .map((text) => text.replace(from, '').replace(/\.\d+\.tsx?\((\d+),(\d+)\)/, ':$1:$2'))
}
