// A page that shows any state of the widget, with a fake client behind it; for screenshots and for what looks at them by rule.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { states } from './screenshot-states.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
/** The fake client is not part of the package; types are all that keeps it from being the script it is. */
const fakeClient = async () => {
  const source = await readFile(join(here, 'src/testing/fake-chat-client.ts'), 'utf8')
  return stripTypeScriptTypes(source, { mode: 'transform' })
}
const TYPES = { '.js': 'text/javascript', '.html': 'text/html' }

/** @returns {Promise<{ url: string, close: () => void }>} */
export async function serveStates() {
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
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

/** Opens the page in the state `name`, in a language, and waits until everything has arrived in its place. */
export async function show(page, url, name, lang = 'en') {
  await page.goto(`${url}?lang=${lang}`)
  // Not by frames, of which a busy machine has few.
  await page.waitForFunction(() => window.ready, null, { polling: 50 })
  await page.evaluate(`(${states[name]})(window.chat)`)
  await page.evaluate(() => new Promise((done) => setTimeout(done, 350)))
  await rest(page)
}

/** Waits until nothing moves and no colour changes any more, but for what never ends. */
export async function rest(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done))
    for (let still = 0; still < 3; still += 1) {
      await frame()
      const ending = document
        .getAnimations()
        .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime))
      if (ending.length > 0) still = 0
      await Promise.allSettled(ending.map(({ finished }) => finished))
    }
  })
}
