// `npm run bench`: every figure beside its target. Words that follow pick benches by name: `npm run bench -- size`.
import { runCommand, told } from './lib/command.mjs'
import { run } from './lib/processes.mjs'
import { Services } from './lib/services/index.mjs'
import { ensureToolchain } from './lib/toolchain.mjs'
import { build, ensureInstalled } from './lib/workspace.mjs'

const HOURS_MS = 3_600_000

await runCommand(async () => {
  const toolchain = await ensureToolchain().catch(told)
  if (!toolchain) return 1
  await ensureInstalled(async () => toolchain)
  const built = await build(toolchain.env)
  if (built.code !== 0) {
    console.error(`Nothing is measured, for the build failed.\n${built.output.trim()}`)
    return 1
  }
  const services = new Services(toolchain)
  try {
    const postgresql = await services.provide('PostgreSQL')
    if (postgresql.missing) console.log(`Not measured on PostgreSQL: ${postgresql.missing}.`)
    const chromium = await services.provide('Chromium')
    if (chromium.missing) console.log(`The widget is not measured: ${chromium.missing}.`)
    const env = { ...toolchain.env, ...postgresql.env, ...chromium.env }
    const args = ['--filter', '@colloquy/bench', 'run', 'bench', ...process.argv.slice(2)]
    const { code } = await run('pnpm', args, { env, show: true, timeoutMs: 4 * HOURS_MS })
    // The README shows some of them.
    await run(toolchain.node, ['scripts/readme-figures.mjs'], { env, show: true })
    return code
  } finally {
    await services.stop()
  }
})
