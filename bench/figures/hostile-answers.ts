import { expose, hostileAnswers, places, SEED, type Exposure } from '../../e2e/support/expose.js'
import { serveHostilePage } from '../../e2e/support/hostile-page.js'
import { startSite } from '../../e2e/support/server-process.js'
import { scaled, type Bench } from '../figure.js'
import { exposePeers, peersThatCaused } from '../shown-by-peers/hostile-answers.js'
import { launch } from '../widget/measure.js'
import { openPage } from '../widget/open-page.js'

const KINDS: readonly {
  readonly kind: keyof Exposure
  readonly name: (payloads: number, shown: number) => string
}[] = [
  {
    kind: 'scripts',
    name: (payloads, shown) =>
      `scripts run by ${count(payloads)} hostile answers, each whole and in pieces (seed ${SEED}), HTML as text and allowed, on a bare page, a hostile one and under the strictest policy (${count(shown)} shown); by peers on the bare page alone, mounted as their documents say`,
  },
  {
    kind: 'left',
    name: () =>
      'links and parts left of them that could act; by peers beyond what a harmless answer leaves there',
  },
  {
    kind: 'requests',
    name: () => 'requests that they caused, those that a policy forbade among them',
  },
]

const count = (number: number): string => number.toLocaleString('en')

/**
 * The public attack suites as answers of the widget, on pages that help it, that hinder it, and that forbid nearly everything; and as
 * answers of peers, on a page that does nothing.
 */
export const hostileAnswersShown: Bench = {
  name: 'Hostile answers',
  parts: ['Chromium'],
  async run() {
    if (!process.env['CORPUS_DIR']) {
      process.stdout.write(
        'Hostile answers: not measured, for CORPUS_DIR names no folder of attack suites.\n',
      )
      return []
    }
    const all = await hostileAnswers()
    const payloads = all.slice(0, scaled(all.length))
    const exposures = await exposed(payloads)
    const peers = await exposePeers(payloads, SEED)
    const shown = 2 * exposures.length * payloads.length
    return KINDS.map(({ kind, name }) => {
      const found = exposures.flatMap((exposure) => exposure[kind])
      for (const each of found) process.stdout.write(`${kind}: ${each}\n`)
      return {
        name: name(payloads.length, shown),
        today: peersThatCaused(kind, peers),
        target: '0',
        measured: String(found.length),
        met: found.length === 0,
      }
    })
  },
}

/** What the payloads cause on each page, with and without HTML; each is shown whole and in pieces. */
async function exposed(payloads: readonly string[]): Promise<readonly Exposure[]> {
  const site = await startSite()
  const host = await serveHostilePage(site.url)
  const browser = await launch()
  const found: Exposure[] = []
  try {
    for (const place of Object.values(places(site.url, host.url)))
      for (const html of [false, true]) {
        const page = await openPage(browser)
        found.push(await expose(page, place, { payloads, html }))
        await page.close()
      }
    return found
  } finally {
    await browser.close()
    await host.close()
    await site.dispose()
  }
}
