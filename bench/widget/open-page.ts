import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page of its own, in which functions of this process run: tsx gives each a name by a helper that pages have not. */
export async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options)
  await page.addInitScript('globalThis.__name ??= (named) => named')
  return page
}
