import type { Browser, Page } from 'playwright-core'
import { watch, type Exposure } from '../../e2e/support/expose.js'
import { bringDetector } from '../../e2e/support/show-answers.js'
import { markdown } from '../../packages/chat-widget/test/screenshot-states.mjs'
import { openPage } from '../widget/open-page.js'
import { within } from './within.js'

/** An answer, and the pieces in which it comes; one when it comes whole. */
export type Showing = readonly string[]

/** What one showing has caused; null when its page did not come to an end with it, or an earlier one has ended the browser. */
export type Shown = Exposure | null

/** So long a page has for one answer, in ms. */
const PATIENCE = 20_000

/** Shows each on a page of the peer, one after the other; a page that one of them has taken away or stopped is opened anew. */
export async function exposePeer(
  browser: Browser,
  url: string,
  showings: readonly Showing[],
  onShown: (shown: Shown) => void,
): Promise<void> {
  let page: PeerAnswers | null = null
  for (const pieces of showings) {
    page ??= await PeerAnswers.open(browser, url).catch(() => null)
    const shown = page && (await page.show(pieces))
    onShown(shown)
    if (shown && (await page?.isThere())) continue
    await page?.close()
    page = null
  }
  await page?.close()
}

/** A page with a peer on it, and everything that its answers cause. */
class PeerAnswers {
  /** What an answer without harm leaves is the peer's own. */
  #own: ReadonlySet<string> = new Set()

  private constructor(
    private readonly page: Page,
    private readonly url: string,
    private readonly seen: ReturnType<typeof watch>,
  ) {}

  static async open(browser: Browser, url: string): Promise<PeerAnswers> {
    const page = await openPage(browser)
    // Nothing leaves this machine, and the peer's own scripts are no request of an answer.
    await page.route(
      (address) => !address.href.startsWith(url),
      (route) => route.abort(),
    )
    const { scripts, requests } = watch(page)
    await page.goto(url)
    await page.waitForFunction(() => Boolean(window.peer), null, { polling: 50 })
    await bringDetector(page)
    const answers = new PeerAnswers(page, url, { scripts, requests })
    const harmless = [
      await answers.show([markdown]),
      await answers.show([markdown.slice(0, 400), markdown.slice(400)]),
    ]
    answers.#own = new Set(harmless.flatMap((shown) => shown?.left ?? []))
    return answers
  }

  async show(pieces: Showing): Promise<Shown> {
    const left = await within(PATIENCE, this.page.evaluate(showAnswer, pieces))
    const scripts = this.seen.scripts.splice(0)
    const requests = this.seen.requests.splice(0).filter((request) => !request.startsWith(`${this.url}/`))
    return left && { scripts, requests, left: left.filter((fault) => !this.#own.has(fault)) }
  }

  /** Its answer has not led it elsewhere. */
  async isThere(): Promise<boolean> {
    return (
      this.page.url() === this.url &&
      (await within(
        PATIENCE,
        this.page.evaluate(() => 'peer' in window),
      )) === true
    )
  }

  async close(): Promise<void> {
    await within(PATIENCE, this.page.close())
  }
}

/** Runs in the page. */
async function showAnswer(pieces: readonly string[]): Promise<string[]> {
  const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done))
  const { peer } = window
  await peer.show(pieces)
  await frame()
  const left = window.faultsOf(peer.root)
  for (const element of peer.root.querySelectorAll<HTMLElement>('details, [tabindex]')) element.focus()
  // Time for what was loaded to show itself.
  await new Promise((done) => setTimeout(done, 30))
  peer.clear()
  await frame()
  return left
}
