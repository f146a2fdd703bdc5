import { mkdirSync } from 'node:fs'
import { isWindows } from './paths.mjs'
import { run } from './processes.mjs'

/** How to start npm: the very npm that runs us, else the one on PATH. */
function npmCommand() {
  const own = process.env.npm_execpath
  if (own?.endsWith('npm-cli.js')) return { command: process.execPath, before: [own] }
  return isWindows
    ? { command: 'cmd.exe', before: ['/d', '/s', '/c', 'npm'] }
    : { command: 'npm', before: [] }
}

const QUIET = ['--no-audit', '--no-fund', '--no-save', '--no-package-lock', '--loglevel=error']

/**
 * Fetches packages into `folder/node_modules`. No code of theirs runs.
 * @returns {Promise<{ ok: boolean, reason: string }>} `reason`: npm's own first error line.
 */
export async function npmFetch(folder, ...specifiers) {
  mkdirSync(folder, { recursive: true })
  const { command, before } = npmCommand()
  const args = [...before, 'install', '--prefix', folder, '--ignore-scripts', ...QUIET, ...specifiers]
  const { code, output } = await run(command, args, { cwd: folder })
  return { ok: code === 0, reason: code === 0 ? '' : firstError(output) }
}

/** npm writes a code first (`npm error code E404`) and then says what it means; both are wanted. */
export function firstError(output) {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (ERR!|error) ?/i, '').trim())
    .filter((line) => line !== '')
  return lines.slice(0, 2).join(': ') || 'npm said nothing'
}
