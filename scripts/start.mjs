// `npm start`: from a bare clone to a running proxy with the demo page. Needs only Node 18 and npm.
import { runCommand } from './lib/command.mjs'
import { exitCodeOf, startProcess } from './lib/processes.mjs'
import { ensureNode, ensureToolchain } from './lib/toolchain.mjs'
import { ensureBuilt, ensureInstalled } from './lib/workspace.mjs'

await runCommand(async () => {
  const node = await ensureNode()
  await ensureInstalled(ensureToolchain)
  await ensureBuilt(ensureToolchain)
  return serve(node, 'examples/demo-site/server.mjs')
})

/** Runs the server in our place. The IPC channel tells it of our end even if we are killed outright. */
function serve(node, script) {
  const server = startProcess(node, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('close', (code, signal) => resolve(exitCodeOf(code, signal)))
  })
}
