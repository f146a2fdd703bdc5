// `node scripts/readme-figures.mjs`: puts the README's figures in, out of docs/benchmarks.md. With `--check` it compares, and looks at every size
// that a README or a page of the docs states.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/paths.mjs'
import { figuresIn, figuresTable, metLine, sizesWithoutFigure, withFigures } from './lib/readme-figures.mjs'

/** What a reader of the README wants to know first, by section and the beginning of the figure's name. */
const CHOSEN = [
  ['Size of chat-core', 'core, min+gzip', 'chat-core, minified and gzipped'],
  ['Size of the widget', 'loader', 'the script that a page loads'],
  ['Size of the widget', 'first open', 'the widget, when somebody opens it'],
  [
    'CPU per delta in chat-core',
    'CPU per delta, 1,000 messages',
    'CPU for each piece of an answer, with 1,000 messages of history',
  ],
  ['Lines that break', 'random kills', 'answers that are wrong after lines that broke at random'],
  ['Lines that break', 'drop → next token', 'from a broken line to the next word, p95'],
  [
    'Killed proxies on PostgreSQL',
    'PostgreSQL: kill -9: acknowledged',
    'messages lost, doubled when the server is killed',
  ],
]
const STATING = [
  'README.md',
  'packages/chat-core/README.md',
  'packages/chat-widget/README.md',
  'docs/embed.md',
  'docs/headless.md',
]

const read = (file) => readFileSync(join(root, file), 'utf8')
/** The README's table is compared as a whole: it names targets that are not met. */
const proseOf = (file) => (file === 'README.md' ? withFigures(read(file), '') : read(file))
const figures = figuresIn(read('docs/benchmarks.md'))
const readme = read('README.md')
const made = withFigures(readme, `${figuresTable(figures, CHOSEN)}\n\n${metLine(figures)}`)

if (!process.argv.includes('--check')) writeFileSync(join(root, 'README.md'), made)
else {
  const problems = STATING.flatMap((file) =>
    sizesWithoutFigure(proseOf(file), figures).map(
      (size) => `${file} states ${size}, which docs/benchmarks.md does not.`,
    ),
  )
  if (made !== readme)
    problems.push(
      'README.md has other figures than docs/benchmarks.md: run `node scripts/readme-figures.mjs`.',
    )
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
