import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expose, hostileAnswers, places, SEED } from './support/expose.ts'
import { serveHostilePage } from './support/hostile-page.ts'
import type { LocalSite } from './support/listen.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()
let host: LocalSite
let payloads: readonly string[]

beforeAll(async () => {
  host = await serveHostilePage(stage.site.url)
  payloads = await hostileAnswers()
})

afterAll(() => host?.close())

// The bare page is seen by the bench alone: nothing is harder there than here.
describe.each(['hostile', 'strict'] as const)('on the %s page', (place) => {
  it.each([false, true])(
    `hostile answers run nothing, ask for nothing and leave nothing that could, HTML allowed: %s (seed ${SEED})`,
    async (html) => {
      const page = await stage.browser.newPage()
      try {
        const found = await expose(page, places(stage.site.url, host.url)[place], { payloads, html })
        const { scripts, requests, left } = found
        expect([scripts, requests, left].map((each) => each.slice(0, 10))).toEqual([[], [], []])
      } finally {
        await page.close()
      }
    },
  )
})
