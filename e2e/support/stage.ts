import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser.ts'
import { startSite, type Site } from './server-process.ts'

/** What most journeys happen on. */
export interface Stage {
  browser: Browser
  site: Site
}

/** A browser and the demo site for all tests of the file that calls this: there before the first of them, gone after the last. */
export function openStage(): Stage {
  // Both are filled before any test runs.
  const stage = {} as Stage
  beforeAll(async () => {
    stage.browser = await launchBrowser()
    stage.site = await startSite()
  })
  afterAll(async () => {
    await stage.browser?.close()
    await stage.site?.dispose()
  })
  return stage
}
