import { readdirSync, readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
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
    await using chat = await openExample(entry)
    const { tab, answers } = chat
    await ask(tab, 'Hello there')
    await streaming(answers).waitFor()
    await done(answers).waitFor()
    expect(await tab.locator('li[data-role=user]').innerText()).toBe('Hello there')
    await ask(tab, 'And a long one?')
    await answers.nth(1).filter({ hasText: /\S/ }).waitFor()
    await tab.getByRole('button', { name: 'Stop' }).click()
    await tab.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' })
    expect(await answers.count()).toBe(2)
    expect(chat.errors).toEqual([])
  })
})

describe.each(['use-chat', 'assistant-ui'])('the headless example %s, loaded again', (name) => {
  it('reads on the answer that was under way, from its beginning', async () => {
    await using chat = await openExample(EXAMPLES[name] ?? '')
    const { tab, answers } = chat
    await ask(tab, 'And a long one?')
    await streaming(answers).waitFor()
    // assistant-ui ends what is being written with a dot of its own.
    const before = (await answers.innerText()).replace('●', '').trim()
    await tab.reload()
    await done(answers).waitFor()
    const whole = await answers.innerText()
    expect(whole.slice(0, before.length)).toBe(before)
    expect(whole.length).toBeGreaterThan(before.length)
    expect(chat.errors).toEqual([])
  })
})

interface OpenExample extends AsyncDisposable {
  readonly tab: Page
  readonly answers: Locator
  /** What the page threw so far. */
  readonly errors: string[]
}

async function openExample(entry: string): Promise<OpenExample> {
  const script = await bundle(entry)
  const site = await serveScript(script.replaceAll('http://localhost:8787', stage.site.url))
  const tab = await stage.browser.newPage()
  const errors: string[] = []
  tab.on('pageerror', (error) => errors.push(String(error)))
  await tab.goto(site.url)
  return {
    tab,
    answers: tab.locator('li[data-role=assistant]'),
    errors,
    async [Symbol.asyncDispose]() {
      await tab.close()
      await site.close()
    },
  }
}

async function ask(tab: Page, question: string): Promise<void> {
  await tab.getByLabel('Question').fill(question)
  await tab.getByRole('button', { name: 'Send' }).click()
}

const streaming = (answers: Locator): Locator =>
  answers.and(answers.page().locator('[data-status=streaming]', { hasText: /\w/ }))
const done = (answers: Locator): Locator =>
  answers.and(answers.page().locator('[data-status=done]', { hasText: /\w/ }))
