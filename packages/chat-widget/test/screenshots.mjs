// Renders every state of the widget, phone and desktop, both themes, forced colours and right to left, into `screenshots/` of the repository.
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
const SCREENS = [
  { width: 1280, height: 800 },
  { width: 320, height: 640 },
]
const LOOKS = [
  { look: 'light', colorScheme: 'light' },
  { look: 'dark', colorScheme: 'dark' },
  { look: 'forced', colorScheme: 'dark', forcedColors: 'active' },
  { look: 'rtl', colorScheme: 'light', lang: 'ar' },
]
for (const viewport of SCREENS) {
  for (const { look, lang, ...media } of LOOKS) {
    const page = await browser.newPage({ viewport, reducedMotion: 'reduce', ...media })
    for (const name of Object.keys(states)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      await show(page, site.url, name, lang)
      await page.screenshot({ path: join(target, `${name}-${viewport.width}-${look}.png`) })
    }
    await page.close()
  }
}
await browser.close()
site.close()
