import type { BrowserContext, Page } from 'playwright-core'
import { questionFor } from './site.js'

/** What the page of a chat can be asked for; runs in the page, and is put there before everything else. */
const HELPERS = `window.bench = {
  widget: () => document.querySelector('chat-widget'),
  trees(root) { return [root, ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ? this.trees(shadowRoot) : [])] },
  find(selector) { return this.trees(document).flatMap((tree) => [...tree.querySelectorAll(selector)]) },
  focus() { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at },
  frame: () => new Promise((done) => requestAnimationFrame(done)),
  async until(test) { while (!test()) await this.frame(); return performance.timeOrigin + performance.now() },
  // History is shown before the client is there that hears of other tabs.
  ready() { return this.find('chat-widget-panel').some(({ snapshot }) => snapshot.session && !snapshot.loading) && this.answers().some(({ status }) => status === 'done') },
  answers() { return this.find('chat-widget-message').filter(({ message }) => message?.role === 'assistant').map(({ message }) => message) },
}`

/** A page with the chat, its code loaded and compiled by a first short answer. */
export async function openChat(context: BrowserContext, site: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(HELPERS)
  await page.goto(`${site}/chat`)
  await page.waitForFunction(`customElements.get('chat-widget')`)
  return page
}

/** Opens the chat and asks for a short answer, so that everything is there and the conversation is kept. */
export async function warmUp(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    await bench.widget().open()
    await bench.widget().send(${JSON.stringify(questionFor(50, 1_000))})
  })()`)
}

/** Runs code in the page; what it says is of the type that the caller names. */
export const inPage = <T>(page: Page, code: string): Promise<T> =>
  page.evaluate<T>(`(async () => { ${code} })()`)

/** Opens the chat and waits until it has the conversation of the other tabs, and hears of them. */
export const followAlong = (page: Page): Promise<void> =>
  inPage(page, 'bench.widget().open(); await bench.until(() => bench.ready())')
