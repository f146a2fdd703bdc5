// The two halves of a release, as the workflow calls them. `version`: turns the changesets into a version and its changes. `publish`:
// publishes what npm does not have yet, with the bill of materials beside it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './lib/command.mjs'
import { foldersIn } from './lib/fingerprint.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/processes.mjs'
import { SetupError } from './lib/setup-error.mjs'
import { ensureToolchain } from './lib/toolchain.mjs'
import { ensureBuilt, ensureInstalled } from './lib/workspace.mjs'

const halves = {
  version: [
    ['exec', 'changeset', 'version'],
    ['install', '--lockfile-only'],
  ],
  publish: [
    ['run', 'sbom'],
    ['exec', 'changeset', 'publish'],
  ],
}

await runCommand(async () => {
  const half = process.argv[2] ?? ''
  if (!Object.hasOwn(halves, half)) throw new SetupError('usage: node scripts/release.mjs version|publish')
  const toolchain = await ensureToolchain()
  await ensureInstalled(async () => toolchain)
  if (half === 'publish') {
    nameRepository(process.env.GITHUB_REPOSITORY)
    await ensureBuilt(async () => toolchain)
  }
  for (const args of halves[half]) {
    const { code } = await run('pnpm', args, { env: toolchain.env, show: true })
    if (code !== 0) return code
  }
  return 0
})

/** npm takes provenance only for packages that name the repository they come from; a fork names its own. */
function nameRepository(repository) {
  if (!repository) throw new SetupError('GITHUB_REPOSITORY is not set: releases are made by the workflow.')
  for (const directory of foldersIn('packages')) {
    const file = join(root, directory, 'package.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    manifest.repository = { type: 'git', url: `git+https://github.com/${repository}.git`, directory }
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
  }
}
