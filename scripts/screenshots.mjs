// Takes the README's pictures anew: the demo page with a conversation on it, light and dark.
import { runCommand } from './lib/command.mjs'
import { run } from './lib/processes.mjs'
import { Services } from './lib/services/index.mjs'
import { SetupError } from './lib/setup-error.mjs'
import { ensureToolchain } from './lib/toolchain.mjs'
import { ensureBuilt, ensureInstalled } from './lib/workspace.mjs'

await runCommand(async () => {
  const toolchain = await ensureToolchain()
  await ensureInstalled(async () => toolchain)
  await ensureBuilt(async () => toolchain)
  const chromium = await new Services(toolchain).provide('Chromium')
  if (chromium.missing) throw new SetupError(`no browser: ${chromium.missing}`)
  const env = { ...toolchain.env, ...chromium.env }
  const { code } = await run(toolchain.node, ['e2e/support/take-screenshots.ts'], { env, show: true })
  return code
})
