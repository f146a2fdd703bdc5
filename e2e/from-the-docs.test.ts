import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { Chat } from './support/chat.ts'
import { namedBlocks } from './support/docs-text.ts'
import { serveFolder } from './support/folder-site.ts'
import { freePort } from './support/listen.ts'
import { serveRegistry, type PackageRegistry } from './support/package-registry.ts'
import { newReader, type Reader } from './support/reader.ts'

/** An empty folder, the packages as they are published, and the docs: whoever follows the text gets there. */

const LISTENING = /listening on (http:\S+)/
// Several proxies may run on this machine.
const ANY_PORT = { PORT: '0' }

// Several installations by npm.
vi.setConfig({ testTimeout: 180_000 })

let browser: Browser
let registry: PackageRegistry
let reader: Reader
/** What npm keeps between two of its calls. */
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'colloquy-home-'))
  ;[browser, registry] = await Promise.all([launchBrowser(), serveRegistry()])
})
afterAll(async () => {
  await browser?.close()
  await registry?.close()
  await rm(home, { recursive: true, force: true })
})
beforeEach(async () => {
  reader = await newReader({ registry, home })
})
afterEach(() => reader.leave())

it('a site with a script tag, and the proxy beside it', async () => {
  const proxy = await startProxy(reader)
  const says = await namedBlocks('start.md')
  await reader.write('site/index.html', says('site/index.html').replace('http://localhost:8787', proxy))
  await visit('site', async (chat) => {
    await chat.open()
    const answer = await chat.ask('Hello there')
    await chat.settle()
    expect(await chat.textOf(answer)).toMatch(/\S/)
  })
})

it('the proxy alone, by one command in an empty folder', async () => {
  const says = await namedBlocks('start.md')
  expect(await readdir(reader.folder)).toEqual([])
  const [, proxy = ''] = await reader.start(says('only-the-server'), LISTENING, ANY_PORT)
  expect(await ask(proxy, 'Hello?')).toMatch(/\S/)
  expect(await readdir(reader.folder)).toEqual(['data'])
})

it('a React app, and the proxy in a folder of its own', async () => {
  const says = await namedBlocks('embed.md')
  const operator = await newReader({ registry, home })
  try {
    const proxy = await startProxy(operator)
    await reader.run(says('react'))
    await reader.write('main.jsx', says('main.jsx').replace('http://localhost:8787', proxy))
    await reader.write('index.html', says('index.html'))
    await reader.run(says('bundle'))
    await visit('.', async (chat) => {
      await chat.ask('Hello there')
      await chat.settle()
      await chat.page.getByText('Questions asked: 1').waitFor()
    })
  } finally {
    await operator.leave()
  }
})

it('the proxy inside of an Express application that has its own login', async () => {
  const says = await namedBlocks('proxy.md')
  await reader.run(says('express'))
  await reader.write('server.mjs', says('server.mjs'))
  const [site = ''] = await reader.start(says('run-express'), /http:\/\/localhost:\d+/, {
    PORT: String(await freePort()),
  })
  const page = await browser.newPage()
  await page.goto(site)
  const chat = new Chat(page, page.locator('chat-widget'))
  await chat.open()
  await chat.ask('Do you ship?')
  await chat.settle()
  await page.getByLabel('Name').fill('anna')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('You are logged in.').waitFor()
  await chat.open()
  await chat.ask('Is my parcel here?')
  await chat.settle()
  const conversations = `${site}/api/v1/conversations`
  expect((await fetch(conversations)).status).toBe(401)
  const mine = await page.request.get(conversations)
  expect(await mine.json()).toMatchObject({ total: 1, conversations: [{ title: 'Do you ship?' }] })
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByText('You are logged out.').waitFor()
  await chat.open()
  await page.getByText('How can I help?').waitFor()
  expect(await chat.questions.count()).toBe(0)
  expect((await page.request.get(conversations)).status()).toBe(401)
  await page.close()
})

/** As the first steps of the docs have it. Resolves with its address. */
async function startProxy(operator: Reader): Promise<string> {
  const says = await namedBlocks('start.md')
  await operator.run(says('install'))
  await operator.write('.env', says('.env'))
  const [, address = ''] = await operator.start(says('run'), LISTENING, ANY_PORT)
  return address
}

/** Serves a folder of the reader's, and looks at its page. */
async function visit(folder: string, look: (chat: Chat) => Promise<void>): Promise<void> {
  const site = await serveFolder(join(reader.folder, folder))
  const page = await browser.newPage()
  const complaints = complaintsOf(page)
  try {
    await page.goto(`${site.url}/index.html`)
    await look(new Chat(page))
    expect(complaints).toEqual([])
  } finally {
    await page.close()
    await site.close()
  }
}

function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  return complaints
}

async function ask(proxy: string, message: string): Promise<string> {
  const post = async (path: string, token: string | null, body: object): Promise<Record<string, string>> => {
    const response = await fetch(`${proxy}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    expect(response.ok).toBe(true)
    // Both answers of the contract are objects, of which texts are read.
    return (await response.json()) as Record<string, string>
  }
  const { token = '' } = await post('/chat/start', null, {})
  return (await post('/chat', token, { message })).response ?? ''
}
