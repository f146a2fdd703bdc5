import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { strings } from '../packages/chat-widget/src/locale/translations/ar.ts'
import { listen, type LocalSite } from './support/listen.ts'
import { openStage } from './support/stage.ts'
import { serveStates, show } from '../packages/chat-widget/test/state-pages.mjs'

const stage = openStage()
let arabic: LocalSite

beforeAll(async () => {
  const tag = `<script type="module" src="${stage.site.url}/widget/widget.js"></script>`
  arabic = await listen(
    createServer((request, response) =>
      request.url === '/'
        ? response
            .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
            .end(
              `<!doctype html><html lang="ar" dir="rtl"><meta name="viewport" content="width=device-width">${tag}`,
            )
        : response.writeHead(204).end(),
    ),
  )
})

afterAll(() => arabic?.close())

it('on a small dark screen, from right to left, a question is asked, answered and kept in the list', async () => {
  const page = await stage.browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  try {
    await page.goto(arabic.url)
    const launcher = await button('Chat').boundingBox()
    expect(launcher).toMatchObject({ x: 20, width: 60 })
    await button('Chat').click()
    await page.getByRole('textbox').fill('شكرًا')
    await button(strings.send).click()
    await page.getByRole('article', { name: strings.assistant }).locator('chat-widget-markdown').waitFor()
    await button(strings.stop).waitFor({ state: 'hidden' })

    const question = await page.getByRole('article', { name: strings.you }).getByText('شكرًا').boundingBox()
    expect(question?.x).toBe(20)
    const dialog = page.getByRole('dialog', { name: strings.heading })
    expect(await dialog.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
      'rgb(21, 23, 30)',
    )
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)

    await button(strings.conversations).click()
    expect((await button(strings.backToChat).boundingBox())?.x).toBeGreaterThan(200)
    await page.getByRole('list', { name: strings.conversations }).getByRole('button').first().waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await button(strings.openChat).waitFor()
  } finally {
    await page.close()
  }
})

it('on a small screen the words of the header are whole in every language, and none runs under a button', async () => {
  const states = await serveStates()
  const page = await stage.browser.newPage({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
  try {
    for (const language of ['ar', 'de', 'en', 'es', 'fr', 'he', 'hi', 'ja', 'ko', 'pt', 'ru', 'zh']) {
      await show(page, states.url, 'empty', language)
      const badge = page.locator('header .demo')
      const isWhole = await badge.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)
      const around = await page.locator('header .heading').boundingBox()
      const box = await badge.boundingBox()
      const isWithin = around && box && box.x >= around.x && box.x + box.width <= around.x + around.width
      expect([language, isWhole, isWithin]).toEqual([language, true, true])
    }
  } finally {
    await page.close()
    states.close()
  }
})
