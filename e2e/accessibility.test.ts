import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { states } from '../packages/chat-widget/test/screenshot-states.mjs'
import { rest, serveStates, show } from '../packages/chat-widget/test/state-pages.mjs'
import { launchBrowser } from './support/browser.ts'

/** WCAG 2.2, A and AA, and what axe calls good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const LOOKS = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'forced colours', media: { colorScheme: 'dark', forcedColors: 'active' } },
] as const
const SCREENS = [
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
  { name: 'phone', viewport: { width: 320, height: 640 } },
]

let browser: Browser
let site: { url: string; close: () => void }
let axe: string

beforeAll(async () => {
  browser = await launchBrowser()
  site = await serveStates()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})

afterAll(async () => {
  await browser?.close()
  site?.close()
})

describe.each(SCREENS)('axe finds nothing on a $name', ({ viewport }) => {
  it.each(Object.keys(states))('in the state %s, in every look and both directions', async (state) => {
    const page = await browser.newPage({ viewport, reducedMotion: 'reduce' })
    try {
      await show(page, site.url, state)
      await page.evaluate(axe)
      const findings: string[] = []
      for (const { name, media } of LOOKS) {
        await page.emulateMedia(media)
        for (const direction of ['ltr', 'rtl']) {
          await page.evaluate((dir) => (document.documentElement.dir = dir), direction)
          await rest(page)
          findings.push(...(await check(page)).map((finding) => `${name}, ${direction}: ${finding}`))
        }
      }
      expect(findings).toEqual([])
    } finally {
      await page.close()
    }
  })
})

async function check(page: Page): Promise<string[]> {
  const {
    violations,
  }: { violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] } =
    await page.evaluate(
      `axe.run('chat-widget', { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`,
    )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} ${JSON.stringify(target)} ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  )
}
