import { existsSync, readFileSync } from 'node:fs'
import { filesUnder, fingerprint, foldersIn, isStamped, stamp } from './fingerprint.mjs'
import { root } from './paths.mjs'
import { run } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

const members = () => [...foldersIn('packages'), ...foldersIn('examples'), 'bench', 'docs']
const manifests = () => [
  'package.json',
  'pnpm-workspace.yaml',
  ...members().map((folder) => `${folder}/package.json`),
]

/** Installs the dependencies when lockfile or manifests changed since the last time. `env` comes from the toolchain. */
export async function ensureInstalled(toolchain) {
  const wanted = fingerprint(['pnpm-lock.yaml', ...manifests()])
  if (isStamped('install', wanted)) return
  const { env } = await toolchain()
  console.log('Installing dependencies …')
  const { code, output } = await run('pnpm', ['install', '--frozen-lockfile', ...INSTALL_OPTIONS], { env })
  if (code !== 0) throw new SetupError(installProblem(output))
  stamp('install', wanted)
}

/** Never asks, and gives up after seconds where nothing answers; pnpm by itself would try for many minutes. */
const INSTALL_OPTIONS = [
  '--reporter=append-only',
  '--config.confirmModulesPurge=false',
  '--config.fetchRetries=1',
  '--config.fetchRetryMintimeout=1000',
]

/** An unreachable registry fails once for every package, and one line says it all. */
export function installProblem(output) {
  const unreachable = /error sending request|NETWORK_ERROR|META_FETCH_FAIL|ENOTFOUND|EAI_AGAIN|ECONNREFUSED/
  if (!unreachable.test(output)) return `pnpm install failed.\n${output.trim()}`
  const address = /https?:\/\/[^/\s]+/.exec(output)?.[0] ?? 'the package registry'
  return `pnpm could not reach ${address}; check the network (or npm's proxy and registry settings) and try again.`
}

/** Builds the packages when a source changed since the last build, or an output is missing. */
export async function ensureBuilt(toolchain) {
  const wanted = sourcesFingerprint()
  if (isStamped('build', wanted) && missingOutputs().length === 0) return
  await buildOrStop(await toolchain())
}

/** Builds the packages when an output is missing; what is there is taken as it is. */
export async function ensureOutputs(toolchain) {
  if (missingOutputs().length > 0) await buildOrStop(toolchain)
}

async function buildOrStop({ env }) {
  console.log('Building …')
  const { code, output } = await build(env)
  if (code !== 0) throw new SetupError(`the build failed.\n${output.trim()}`)
}

/** Builds and, when that went well, remembers from what. */
export async function build(env) {
  const wanted = sourcesFingerprint()
  const result = await run('pnpm', ['run', 'build'], { env })
  if (result.code !== 0) return result
  const missing = missingOutputs()
  if (missing.length > 0) return { code: 1, output: `${result.output}\nNot built: ${missing.join(', ')}` }
  stamp('build', wanted)
  return result
}

const isTest = (file) => /\.(test|suite)\.[cm]?[jt]s$|\/testing\//.test(file)

function sourcesFingerprint() {
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'pnpm-lock.yaml']
  const sources = foldersIn('packages').flatMap((folder) => [
    `${folder}/package.json`,
    `${folder}/tsconfig.build.json`,
    `${folder}/rollup.config.mjs`,
    `${folder}/custom-elements-manifest.config.mjs`,
    ...filesUnder(`${folder}/src`),
  ])
  const examples = foldersIn('examples').flatMap((folder) => filesUnder(`${folder}/src`))
  return fingerprint([...settings, ...examples, ...sources.filter((file) => !isTest(file))])
}

/** What the packages' manifests promise and the disk has not. */
function missingOutputs() {
  return foldersIn('packages').flatMap((folder) => {
    const { exports } = JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8'))
    return targetsOf(exports)
      .map((target) => `${folder}/${target.slice(2)}`)
      .filter((file) => !existsSync(`${root}/${file}`))
  })
}

const targetsOf = (exports) =>
  typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(targetsOf)
