import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { Chat } from './support/chat.ts'
import { bringAxe } from './support/looks.ts'
import { openStage } from './support/stage.ts'

const stage = openStage()

it.each(['strict', 'react', 'vue'])(
  'the %s example answers under the strict policy, and nobody complains',
  async (name) => {
    await withPage(name, async (chat) => {
      await chat.ask('Hello there')
      await chat.settle()
    })
  },
)

it.each(['react', 'vue'])('the %s app hears of questions', async (name) => {
  await withPage(name, async (chat) => {
    await chat.ask('Hello there')
    await chat.page.getByText('Questions asked so far: 1').waitFor()
  })
})

it('a button of the shop asks its question before the code of the chat is there', async () => {
  await withPage('shop', async (chat) => {
    await chat.page.getByRole('button', { name: 'Ask about it' }).first().click()
    await chat.questions.filter({ hasText: 'Moss blanket' }).waitFor()
    await chat.settle()
    const accent = await chat.page.evaluate(() =>
      getComputedStyle(document.querySelector('chat-widget') ?? document.body).getPropertyValue(
        '--chat-accent',
      ),
    )
    expect(accent.trim()).toBe('#a4492a')
  })
})

it('the playground writes a theme, shows it, and says what would be hard to read', async () => {
  await withPage('playground', async ({ page }) => {
    const accent = () =>
      page.evaluate(() => {
        const chat = document.querySelector('chat-widget')
        return chat ? getComputedStyle(chat).getPropertyValue('--chat-accent') : ''
      })
    const written = page.getByRole('region', { name: 'Your theme' })
    await written.getByText('The default needs nothing.').waitFor()
    await page.getByRole('button', { name: 'Moss' }).click()
    expect(await accent()).toContain('#2f6b3c')
    await page.locator('[name=text-light]').fill('#dddddd')
    await page.getByText('Text on its background, in the light: 1.3 : 1').waitFor()
    const text = await written.textContent()
    expect(text).toContain('--chat-text: light-dark(#dddddd, #eceef5)')
    expect(text).not.toContain('--chat-width')

    await page.reload()
    expect(await accent()).toContain('#2f6b3c')
    await page.getByRole('button', { name: 'Default' }).click()
    expect(await accent()).toBe('')
  })
})

it('whatever background is chosen in the playground, all that it writes can be read on it', async () => {
  await withPage('playground', async ({ page }) => {
    await bringAxe(page)
    const chat = page.locator('.preview.light chat-widget')
    await chat.getByRole('button', { name: 'Conversations' }).waitFor()
    for (const [surface, text] of [
      ['#c7d0d8', '#10151a'],
      ['#222222', '#eeeeee'],
    ] as const) {
      await page.locator('[name=surface-light]').fill(surface)
      await page.locator('[name=text-light]').fill(text)
      await expect.poll(() => hardToRead(page, '.preview.light'), { message: surface }).toEqual([])
    }
    await page.getByText('In the light, errors and notices look light.').waitFor()
  })
})

/** What axe calls too close to its background, one line each. */
const hardToRead = (page: Page, part: string): Promise<string[]> =>
  page.evaluate(`axe.run(${JSON.stringify(part)}, { runOnly: ['color-contrast'] }).then(({ violations }) =>
    violations.flatMap(({ nodes }) => nodes.map(({ failureSummary }) => failureSummary)))`)

async function withPage(name: string, use: (chat: Chat) => Promise<void>): Promise<void> {
  const page = await stage.browser.newPage({ viewport: { width: 1280, height: 900 } })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  try {
    await page.goto(`${stage.site.url}/examples/${name}/`)
    await use(new Chat(page))
    expect(complaints).toEqual([])
  } finally {
    await page.close()
  }
}
