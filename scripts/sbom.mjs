// `pnpm run sbom`: writes the bill of materials of each published package. With `--check` it writes them into a folder that goes away, and says
// what is wrong with them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { billName, billProblems } from './lib/bills-of-materials.mjs'
import { foldersIn } from './lib/fingerprint.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/processes.mjs'

/** By the names that the release looks for. */
async function writeBills(folder) {
  const args = ['--filter', './packages/*', 'sbom', '--prod', '--split', '--sbom-format', 'cyclonedx']
  const { code, output } = await run('pnpm', [...args, '--out', join(folder, '%s-%v.cdx.json')], {
    cwd: root,
  })
  if (code !== 0) throw new Error(output)
}

/** What the page says is shipped, as `name@version`. */
function listed() {
  const page = readFileSync(join(root, 'docs/licences.md'), 'utf8')
  return [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].flatMap(([, name, versions]) =>
    versions
      .trim()
      .split(', ')
      .map((version) => `${name}@${version}`),
  )
}

async function check(folder) {
  await writeBills(folder)
  const bills = foldersIn('packages').map((path) => {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
    return { manifest, bill: JSON.parse(readFileSync(join(folder, billName(manifest)), 'utf8')) }
  })
  return billProblems(bills, listed())
}

if (!process.argv.includes('--check')) await writeBills(root)
else {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bills-'))
  try {
    const problems = await check(folder)
    for (const problem of problems) console.error(problem)
    if (problems.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
