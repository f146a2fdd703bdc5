// Renders every state of the widget, both themes, phone and desktop, into `screenshots/` of the repository.
// `pnpm run screenshots [name…]` after `pnpm run build`. To be looked at by a person.
import { createServer } from 'node:http'
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { stripTypeScriptTypes } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { states } from './screenshot-states.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const target = fileURLToPath(new URL('../../../screenshots', import.meta.url))
/** The fake client is not part of the package; types are all that keeps it from being the script it is. */
const fakeClient = async () => {
  const source = await readFile(join(here, 'src/testing/fake-chat-client.ts'), 'utf8')
  return stripTypeScriptTypes(source, { mode: 'transform' })
}
const TYPES = { '.js': 'text/javascript', '.html': 'text/html' }

const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname
  const file = path === '/' ? 'test/screenshot-page.html' : path.slice(1)
  const place = file.startsWith('chat-core/') ? file.replace('chat-core', '../chat-core/dist') : file
  const body = file === 'fake-chat-client.js' ? fakeClient() : readFile(join(here, place))
  body.then(
    (body) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(body),
    () => response.writeHead(404).end(),
  )
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const wanted = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
mkdirSync(target, { recursive: true })
for (const [width, height] of [
  [1280, 800],
  [320, 640],
]) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
    for (const [name, prepare] of Object.entries(states)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      await page.goto(`http://127.0.0.1:${server.address().port}/`)
      await page.waitForFunction(() => window.ready)
      await page.evaluate(`(${prepare})(window.chat)`)
      await page.evaluate(() => new Promise((done) => setTimeout(done, 350)))
      await page.screenshot({ path: join(target, `${name}-${width}-${colorScheme}.png`) })
    }
    await page.close()
  }
}
await browser.close()
server.close()
