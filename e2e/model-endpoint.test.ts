import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LLMock } from '@copilotkit/aimock'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { Chat } from './support/chat.ts'
import { startSite, type Site } from './support/server-process.ts'
import { tap, type Wiretap } from './support/wiretap.ts'

const KEY = 'sk-canary-7f3a91c2d4e5b60817293a4b5c6d7e8f'
const WIDGET = fileURLToPath(new URL('../packages/chat-widget/dist', import.meta.url))

// It refuses every other key, so an answer proves that ours was sent.
const model = new LLMock({ port: 0, strict: true, chunkSize: 12, auth: { apiKeys: [KEY] } })
let browser: Browser
let site: Site
let wire: Wiretap

beforeAll(async () => {
  model.onMessage(/opening hours/, { content: 'We open at **nine** and close at six, Monday to Friday.' })
  model.onMessage(/and on Sunday/, { content: 'On Sundays we are closed.' })
  model.onMessage(/break please/, {
    error: { message: `Incorrect API key provided: ${KEY}`, type: 'invalid_request_error' },
    status: 401,
  })
  await model.start()
  site = await startSite({
    LLM_BASE_URL: `${model.url}/v1`,
    LLM_API_KEY: KEY,
    LLM_MODEL: 'test-model',
    LOG_LEVEL: 'debug',
  })
  wire = await tap(site.url)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await wire?.close()
  await site?.dispose()
  await model.stop()
})

it('a visitor talks to the configured model, and its key reaches neither the page nor the log', async () => {
  const page = await browser.newPage()
  const chat = new Chat(page)
  await page.goto(wire.url)
  await chat.open()

  const first = await chat.ask('What are your opening hours?')
  await chat.settle()
  expect(await chat.textOf(first)).toContain('We open at nine and close at six')
  const second = await chat.ask('and on Sunday?')
  await chat.settle()
  expect(await chat.textOf(second)).toContain('On Sundays we are closed.')

  // A provider that repeats the key in its refusal is the likeliest leak of all.
  await chat.question.fill('break please')
  await chat.question.press('Enter')
  await page.getByText('The assistant could not answer.', { exact: true }).waitFor()

  expect(JSON.stringify(model.getRequests().at(1)?.body)).toContain('We open at **nine**')

  const received = wire.received()
  // What is searched does hold what it should: a page, a script, an event stream; and a log that was written.
  for (const type of ['text/html', 'text/javascript', 'text/event-stream']) {
    expect(received.toLowerCase()).toContain(`content-type: ${type}`)
  }
  expect(received).toContain('"delta":{"content":')
  expect(received).not.toContain(KEY)
  expect(site.output()).toContain('"route"')
  expect(site.output()).not.toContain(KEY)
  expect(await page.getByText('You are talking to the demo model.').isVisible()).toBe(false)
  await page.close()
})

it('the built widget holds no key', () => {
  const files = readdirSync(WIDGET, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|map|css)$/.test(name),
  )
  expect(files.length).toBeGreaterThan(0)
  const leaking = files.filter((name) =>
    /sk-[A-Za-z0-9-]{16,}|LLM_API_KEY/.test(readFileSync(join(WIDGET, name), 'utf8')),
  )
  expect(leaking).toEqual([])
})
