// `npm test`: everything that must hold, in one command; CI runs the same. `--only unit,e2e` picks stages.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand, told } from './lib/command.mjs'
import { noCounts, sumCounts, summary } from './lib/counts.mjs'
import { root } from './lib/paths.mjs'
import { exitCodeOf, interruption } from './lib/processes.mjs'
import { runStages } from './lib/run-stages.mjs'
import { Services } from './lib/services/index.mjs'
import { SetupError } from './lib/setup-error.mjs'
import { stages } from './lib/stages.mjs'
import { ensureToolchain } from './lib/toolchain.mjs'
import { ensureInstalled, ensureOutputs } from './lib/workspace.mjs'

await runCommand(async () => {
  const chosen = choose(process.argv.slice(2))
  const toolchain = await prepare(chosen).catch(told)
  if (!toolchain) return conclude([{ ...noCounts, failed: 1 }])
  const reports = mkdtempSync(join(tmpdir(), 'colloquy-reports-'))
  const services = new Services(toolchain)
  try {
    const env = { ...toolchain.env, ...colours(), ...corpus() }
    const context = { env, reports }
    const counts = await runStages(chosen, { services, context })
    return conclude([...counts, ...(await reportMissing(services, env))])
  } finally {
    await services.stop()
    rmSync(reports, { recursive: true, force: true })
  }
})

async function prepare(chosen) {
  const toolchain = await ensureToolchain()
  await ensureInstalled(async () => toolchain)
  // The others stand on what it makes.
  if (chosen.every(({ name }) => name !== 'build')) await ensureOutputs(toolchain)
  return toolchain
}

function choose([option, names, ...rest]) {
  if (option === undefined) return stages
  const known = stages.map(({ name }) => name)
  const wanted = names?.split(',') ?? []
  const understood = option === '--only' && rest.length === 0 && wanted.length > 0
  if (!understood || wanted.some((name) => !known.includes(name))) {
    throw new SetupError(`usage: npm test [-- --only ${known.join(',')}]`)
  }
  return stages.filter(({ name }) => wanted.includes(name))
}

/** The runners write into our pipe and cannot see whether a terminal is behind it. */
function colours() {
  return process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }
}

/** The attack and conformance suites are not ours to publish; where a copy is at hand, the tests read it. */
function corpus() {
  const beside = join(root, '../shared/corpus')
  return !process.env.CORPUS_DIR && existsSync(beside) ? { CORPUS_DIR: beside } : {}
}

/** Names what this machine lacks. In CI that is a failure, because there nobody would notice the skipped tests. */
async function reportMissing(services, env) {
  const missing = await services.missing()
  if (missing.length > 0 || !env.CORPUS_DIR) console.log('')
  for (const { name, reason } of missing) {
    console.log(`Not available here: ${name} (${reason}). The tests that need it were skipped.`)
  }
  if (!env.CORPUS_DIR)
    console.log('Not at hand: the attack suites (CORPUS_DIR is not set). Tests that read them were skipped.')
  return process.env.CI ? missing.map(() => ({ ...noCounts, failed: 1 })) : []
}

function conclude(all) {
  if (interruption()) return exitCodeOf(null, interruption())
  const counts = sumCounts(all)
  console.log(`\n${summary(counts)}`)
  return counts.failed > 0 ? 1 : 0
}
