// `node scripts/licences.mjs`: writes docs/licences.md. With `--check` it compares, and says what differs.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/paths.mjs'
import { run } from './lib/processes.mjs'
import { sorted } from './lib/sorted.mjs'

/** Licences under which a dependency may be shipped with ours: they ask for a notice, and for nothing of the user's own code. */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  '(MPL-2.0 OR Apache-2.0)',
])

const page = join(root, 'docs/licences.md')

/** What the published packages bring with them, by licence. */
async function shipped() {
  const args = ['--filter', './packages/*', 'licenses', 'list', '--prod', '--json']
  const { code, output } = await run('pnpm', args, { cwd: root })
  if (code !== 0) throw new Error(output)
  return Object.entries(JSON.parse(output.slice(output.indexOf('{'))))
}

const row = ({ name, versions }, licence) => `| \`${name}\` | ${versions.join(', ')} | ${licence} |`

function pageOf(licences) {
  const rows = licences.flatMap(([licence, packages]) =>
    packages.filter(({ name }) => !name.startsWith('@colloquy/')).map((item) => row(item, licence)),
  )
  return `# Licences of what is shipped

Every dependency of the published packages, those of dependencies included. Colloquy itself is under the MIT licence. What the widget's
files have in them goes out with the texts of its licences, \`dist/cdn/LICENCES.txt\`. Written by \`node scripts/licences.mjs\`; the check
compares it with what is installed.

| package | version | licence |
| --- | --- | --- |
${sorted(rows).join('\n')}
`
}

const licences = await shipped()
const refused = licences.filter(([licence]) => !ACCEPTED.has(licence))
for (const [licence, packages] of refused)
  console.error(`${licence} is not accepted: ${packages.map(({ name }) => name).join(', ')}`)
const text = pageOf(licences)
if (!process.argv.includes('--check')) writeFileSync(page, text)
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/licences.md is not what is installed: run `node scripts/licences.mjs`.')
  process.exitCode = 1
}
if (refused.length > 0) process.exitCode = 1
