import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from '../processes.mjs'

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first of the programs that is found in the folders (default: those of PATH); undefined when none is. */
export function findProgram(names, folders = (process.env.PATH ?? '').split(delimiter)) {
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find(isExecutable)
}

export const isRoot = () => process.getuid?.() === 0

let updated

/** Installs a Debian package, where we may. @returns {Promise<string>} Why not, or '' when it is installed. */
export async function aptInstall(name) {
  if (!findProgram(['apt-get'])) return 'it is not installed'
  if (!isRoot()) return `it is not installed (apt-get install ${name})`
  console.log(`  Installing ${name} with apt-get …`)
  // The run level keeps a freshly installed server from being started as a service of the machine.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  updated ??= run('apt-get', ['update', '-qq'], { env })
  await updated
  const { code, output } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    env,
  })
  return code === 0 ? '' : `apt-get install ${name} failed: ${output.trim().split('\n').at(-1)}`
}
