// Renders every state of the widget, both themes, phone and desktop, into `screenshots/` of the repository.
// `pnpm run screenshots [name…]` after `pnpm run build`. To be looked at by a person.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { serveStates, show } from './state-pages.mjs'
import { states } from './screenshot-states.mjs'

const target = fileURLToPath(new URL('../../../screenshots', import.meta.url))
const site = await serveStates()

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
    for (const name of Object.keys(states)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      await show(page, site.url, name)
      await page.screenshot({ path: join(target, `${name}-${width}-${colorScheme}.png`) })
    }
    await page.close()
  }
}
await browser.close()
site.close()
