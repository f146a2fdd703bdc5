// `pnpm run docs`: builds the docs site into docs/.vitepress/dist, follows its links and checks its code. `pnpm --filter @colloquy/docs dev` shows it while
// it is written.
import { runCommand } from './lib/command.mjs'
import { checkDocs } from './lib/docs-site.mjs'
import { ensureToolchain } from './lib/toolchain.mjs'
import { ensureBuilt, ensureInstalled } from './lib/workspace.mjs'

await runCommand(async () => {
  const toolchain = await ensureToolchain()
  await ensureInstalled(async () => toolchain)
  await ensureBuilt(async () => toolchain)
  const { code, output } = await checkDocs(toolchain)
  process.stdout.write(output)
  return code
})
