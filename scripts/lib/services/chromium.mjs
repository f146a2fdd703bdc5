import { isWindows, root, toolsFolder } from '../paths.mjs'
import { run } from '../processes.mjs'
import { aptInstall, findProgram } from './find.mjs'

const NAMES = isWindows
  ? ['chrome.exe', 'msedge.exe']
  : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'Google Chrome', 'Chromium']

/** Where installers put browsers that are not on the PATH. */
const FOLDERS = {
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS', '/Applications/Chromium.app/Contents/MacOS'],
  win32: [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA].flatMap(
    (base) => (base ? [`${base}\\Google\\Chrome\\Application`, `${base}\\Microsoft\\Edge\\Application`] : []),
  ),
}

/**
 * A Chromium that really starts: the one that `CHROME_PATH` names, the machine's, Debian's, or Playwright's.
 * @returns {Promise<import('./index.mjs').Service>}
 */
export async function provideChromium({ toolchain }) {
  const named = process.env.CHROME_PATH
  if (named) return (await starts(named)) ? found(named) : { missing: `CHROME_PATH=${named} does not start` }
  const installed = await findInstalled()
  if (installed) return found(installed)
  const reason = await aptInstall('chromium')
  const fromDebian = reason === '' ? await findInstalled() : undefined
  if (fromDebian) return found(fromDebian)
  const downloaded = await download(toolchain)
  return downloaded ? found(downloaded) : { missing: `${reason}; Playwright's download failed as well` }
}

const found = (path) => ({ env: { CHROME_PATH: path } })

async function findInstalled() {
  const path = findProgram(NAMES) ?? findProgram(NAMES, FOLDERS[process.platform] ?? [])
  return path && (await starts(path)) ? path : undefined
}

/** Some systems have only a launcher that asks for a package to be installed. */
const starts = async (path) => isWindows || (await run(path, ['--version'], { timeoutMs: 60_000 })).code === 0

async function download({ node, env }) {
  console.log("  Fetching Playwright's Chromium …")
  const cli = `${root}/node_modules/playwright-core/cli.js`
  const where = { env: { ...env, PLAYWRIGHT_BROWSERS_PATH: `${toolsFolder}/browsers` } }
  const fetched = await run(node, [cli, 'install', 'chromium'], where)
  if (fetched.code !== 0) return undefined
  const ask = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))"
  const path = (await run(node, ['-e', ask], where)).output.trim()
  return (await starts(path)) ? path : undefined
}
