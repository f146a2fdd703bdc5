import type { Browser } from 'playwright-core'
import { bringAxe, findingsOf, SCREENS, smallTargetsOf } from '../../e2e/support/looks.js'
import { states } from '../../packages/chat-widget/test/screenshot-states.mjs'
import { serveStates, show } from '../../packages/chat-widget/test/state-pages.mjs'
import { scaled, type Bench, type Figure } from '../figure.js'
import { CHECKS, lookAtPeers, peersWith } from '../shown-by-peers/looks.js'
import { launch } from '../widget/measure.js'
import { openPage } from '../widget/open-page.js'

/** Every state of the widget in every look, seen by axe, and those of peers. */
export const widgetLooks: Bench = {
  name: 'Accessibility of the widget',
  parts: ['Chromium'],
  async run() {
    const site = await serveStates()
    const browser = await launch()
    const names = Object.keys(states)
    const seen = names.slice(0, scaled(names.length))
    const findings: string[] = []
    const small: string[] = []
    try {
      for (const state of seen) {
        const found = await look(browser, site.url, state)
        findings.push(...found.findings)
        small.push(...found.small)
      }
    } finally {
      await browser.close()
      site.close()
    }
    const peers = await lookAtPeers()
    for (const fault of [...findings, ...small]) process.stdout.write(`${fault}\n`)
    const screens = SCREENS.map(({ viewport }) => `${viewport.width} px`).join(' and ')
    return [
      figure(
        `axe findings in ${seen.length} states × light, dark, forced colours × left to right, right to left × ${screens} (${seen.length * CHECKS.findings} checks, WCAG 2.2 A and AA and good practice); of peers in the states that they have`,
        peersWith('findings', CHECKS.findings, peers),
        findings,
      ),
      figure(
        `things to press of less than 44 × 44 px in ${seen.length} states × ${screens}`,
        peersWith('small', CHECKS.small, peers),
        small,
      ),
    ]
  },
}

async function look(
  browser: Browser,
  site: string,
  state: string,
): Promise<{ readonly findings: readonly string[]; readonly small: readonly string[] }> {
  const page = await openPage(browser, { reducedMotion: 'reduce' })
  const findings: string[] = []
  const small: string[] = []
  try {
    await show(page, site, state)
    await bringAxe(page)
    for (const { name, viewport } of SCREENS) {
      await page.setViewportSize(viewport)
      findings.push(...(await findingsOf(page)).map((finding) => `${state}, ${name}, ${finding}`))
      small.push(...(await smallTargetsOf(page)).map((target) => `${state}, ${name}, ${target}`))
    }
    return { findings, small }
  } finally {
    await page.close()
  }
}

const figure = (name: string, today: string, faults: readonly string[]): Figure => ({
  name,
  today,
  target: '0',
  measured: String(faults.length),
  met: faults.length === 0,
})
