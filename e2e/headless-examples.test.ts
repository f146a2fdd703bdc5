import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, so that `node build.mjs` needs nothing
import * as builder from '../examples/headless/build.mjs'
import { serveScript } from './support/script-page.ts'
import { openStage } from './support/stage.ts'

// What the docs of that module say.
const { bundle, EXAMPLES } = builder as {
  bundle: (entry: string) => Promise<string>
  EXAMPLES: Record<string, string>
}
const folder = new URL('../examples/headless/', import.meta.url)

const stage = openStage()

describe.each(Object.entries(EXAMPLES))('the headless example %s', (name, entry) => {
  it('is at most 40 lines long', () => {
    for (const file of readdirSync(new URL(name, folder)))
      expect(
        readFileSync(new URL(`${name}/${file}`, folder), 'utf8').split('\n').length - 1,
      ).toBeLessThanOrEqual(40)
  })

  it('compiles, asks, shows the answer as it comes and stops one', async () => {
    const script = await bundle(entry)
    const page = await serveScript(script.replaceAll('http://localhost:8787', stage.site.url))
    const tab = await stage.browser.newPage()
    try {
      const errors: string[] = []
      tab.on('pageerror', (error) => errors.push(String(error)))
      await tab.goto(page.url)
      await tab.getByLabel('Question').fill('Hello there')
      await tab.getByRole('button', { name: 'Send' }).click()
      const answers = tab.locator('li[data-role=assistant]')
      await tab.locator('li[data-role=assistant][data-status=streaming]', { hasText: /\S/ }).waitFor()
      await tab.locator('li[data-role=assistant][data-status=done]').waitFor()
      expect(await tab.locator('li[data-role=user]').innerText()).toBe('Hello there')
      await tab.getByLabel('Question').fill('And a long one?')
      await tab.getByRole('button', { name: 'Send' }).click()
      await answers.nth(1).filter({ hasText: /\S/ }).waitFor()
      await tab.getByRole('button', { name: 'Stop' }).click()
      await tab.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' })
      expect(await answers.count()).toBe(2)
      expect(errors).toEqual([])
    } finally {
      await tab.close()
      await page.close()
    }
  })
})
