// `pnpm scale`: the fleet for a load, from what a message was measured to cost. `pnpm scale measure` measures that anew, with a PostgreSQL and a
// Redis of its own.
import { runCommand, told } from './lib/command.mjs'
import { run } from './lib/processes.mjs'
import { Services } from './lib/services/index.mjs'
import { SetupError } from './lib/setup-error.mjs'
import { ensureToolchain } from './lib/toolchain.mjs'
import { ensureBuilt, ensureInstalled } from './lib/workspace.mjs'

const MINUTES_MS = 60_000

await runCommand(async () => {
  const toolchain = await ensureToolchain().catch(told)
  if (!toolchain) return 1
  await ensureInstalled(async () => toolchain)
  const [first, ...rest] = process.argv.slice(2)
  if (first !== 'measure') return bench(toolchain.env, ['scale', ...process.argv.slice(2)])
  await ensureBuilt(async () => toolchain)
  const services = new Services(toolchain)
  try {
    const postgresql = await services.provide('PostgreSQL')
    if (postgresql.missing) throw new SetupError(`no PostgreSQL: ${postgresql.missing}`)
    return await bench({ ...toolchain.env, ...postgresql.env }, ['scale:measure', ...rest])
  } finally {
    await services.stop()
  }
})

async function bench(env, args) {
  const command = ['--filter', '@colloquy/bench', 'run', ...args]
  const { code } = await run('pnpm', command, { env, show: true, timeoutMs: 30 * MINUTES_MS })
  return code
}
