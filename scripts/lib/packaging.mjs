import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldersIn } from './fingerprint.mjs'
import { root } from './paths.mjs'
import { run } from './processes.mjs'

/** Entry points without types on purpose: a finished script for a page, and manifests. */
const UNTYPED = ['./widget.js', './custom-elements.json', './package.json']

/**
 * Packs every package as it would be published and looks at the result the way npm, Node and TypeScript will; and weighs what
 * an app's visitors download of chat-core.
 */
export async function checkPackaging({ env }) {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-packages-'))
  try {
    const packed = []
    for (const cwd of foldersIn('packages')) {
      packed.push(await run('pnpm', ['pack', '--pack-destination', folder], { env, cwd: join(root, cwd) }))
    }
    const tarballs = readdirSync(folder).map((name) => join(folder, name))
    const checks = tarballs.flatMap((tarball) => [
      run('pnpm', ['exec', 'publint', tarball, '--strict'], { env }),
      run('pnpm', ['exec', 'attw', tarball, '--profile', 'esm-only', '--exclude-entrypoints', ...UNTYPED], {
        env,
      }),
    ])
    const size = run('pnpm', ['--filter', '@colloquy/bench', 'run', 'check:size'], { env })
    return worstOf([...packed, ...(await Promise.all([...checks, size]))])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One result out of many: fails with the output of those that failed. */
function worstOf(results) {
  const failed = results.filter(({ code }) => code !== 0)
  return { code: failed.length === 0 ? 0 : 1, output: failed.map(({ output }) => output).join('\n') }
}
