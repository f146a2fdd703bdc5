import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { expect, it } from 'vitest'
import { openStage } from './support/stage.ts'

const stage = openStage()

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

it('the page of the API has its look under its own policy, asks nobody for anything, and can be walked through', async () => {
  const page = await stage.browser.newPage()
  try {
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('request', (request) => requests.push(new URL(request.url()).pathname))
    await page.goto(`${stage.site.url}/docs`)
    expect(await page.evaluate(() => getComputedStyle(document.body).display)).toBe('grid')
    await page.getByRole('link', { name: 'sendMessage' }).click()
    const section = page.locator('#sendMessage')
    await section.getByText('regenerate').first().waitFor()
    expect(await section.evaluate((one) => Math.round(one.getBoundingClientRect().top))).toBeLessThan(5)
    await section.locator('summary', { hasText: '429' }).click()
    await section.getByRole('link', { name: 'Error', exact: true }).first().waitFor()
    expect(complaints).toEqual([])
    expect(requests).toEqual(['/docs'])
    await page.evaluate(AXE)
    // It has just been put there.
    const found = await page.evaluate(() =>
      (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    )
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  } finally {
    await page.close()
  }
})
