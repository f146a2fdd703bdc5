import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from './browser.ts'
import { Chat } from './chat.ts'
import { startSite } from './server-process.ts'

const folder = fileURLToPath(new URL('../../docs/images', import.meta.url))
const QUESTION = 'Compare the planets in a table, please'

mkdirSync(folder, { recursive: true })
const site = await startSite()
const browser = await launchBrowser()
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const viewport = { width: 1280, height: 800 }
    const page = await browser.newPage({
      viewport,
      colorScheme,
      deviceScaleFactor: 1.5,
      reducedMotion: 'reduce',
    })
    await page.goto(site.url)
    const chat = new Chat(page)
    await chat.open()
    await chat.ask(QUESTION)
    await chat.settle()
    // What can be done with an answer comes behind it.
    await chat.button('Good answer').waitFor()
    await page.screenshot({ path: `${folder}/demo-${colorScheme}.png` })
    await page.close()
  }
} finally {
  await browser.close()
  await site.dispose()
}
