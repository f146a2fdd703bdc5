import type { Browser, BrowserContext, Page } from 'playwright-core'
import { median, quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'
import { followAlong, inPage, openChat, warmUp } from '../widget/chat-page.js'
import { launch } from '../widget/measure.js'
import { questionFor, startSite } from '../widget/site.js'

const ROUNDS = 5
const FLOOD_RATE = 5_000
const FLOOD_SECONDS = 10

/** What people feel: how soon the chat is there, what another tab shows, and typing while an answer pours in. */
export const widgetPages: Bench = {
  name: 'The widget on a page',
  parts: ['Chromium'],
  async run() {
    const site = await startSite()
    const browser = await launch()
    try {
      return [
        await opening(browser, site.url),
        await cached(browser, site.url),
        await otherTab(browser, site.url),
        ...floodFigures(await repeated(() => flood(browser, site.url))),
      ]
    } finally {
      await browser.close()
      site.close()
    }
  },
}

async function withContext<T>(browser: Browser, task: (context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    return await task(context)
  } finally {
    await context.close()
  }
}

/**
 * Opens the chat of a page that was loaded again, a few times.
 * @param measure a script that returns milliseconds since `began`, the moment of `open()`
 */
async function afterReload(page: Page, measure: string): Promise<number[]> {
  const found: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.reload()
    await page.waitForFunction(`customElements.get('chat-widget')`)
    const script = `const began = performance.timeOrigin + performance.now()
                    bench.widget().open()
                    ${measure}`
    found.push(await inPage<number>(page, script))
  }
  return found
}

/** From `open()` to the frame in which the caret is in the text; the page was reloaded, its code is in the browser's cache. */
async function opening(browser: Browser, site: string): Promise<Figure> {
  const times = await withContext(browser, async (context) => {
    const page = await openChat(context, site)
    return afterReload(
      page,
      `return await bench.until(() => bench.focus()?.localName === 'textarea') - began`,
    )
  })
  return atMost('open → composer has the caret, warm, median', times, 100)
}

/** A conversation of 1,000 messages, kept in the browser; nothing of the server can be reached. */
async function cached(browser: Browser, site: string): Promise<Figure> {
  const times = await withContext(browser, async (context) => {
    const page = await openChat(context, site)
    await warmUp(page)
    await inPage(page, KEEP_MESSAGES)
    await context.route('**/api/**', (route) => route.abort())
    return afterReload(
      page,
      `const last = () => bench.find('chat-widget-message').at(-1)
       await bench.until(() => (last()?.shadowRoot ? bench.trees(last().shadowRoot) : [last()]).some((tree) => tree?.textContent?.includes('message 999')))
       await bench.frame()
       return performance.timeOrigin + performance.now() - began`,
    )
  })
  return atMost('1,000 cached messages, the newest painted with the server away, median', times, 150)
}

/** Puts the messages where the widget keeps them, as a chain behind each other. */
const KEEP_MESSAGES = `
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith('colloquy:'))
  const database = await new Promise((done) => { const request = indexedDB.open(name); request.onsuccess = () => done(request.result) })
  const transaction = database.transaction(['messages', 'conversations', 'meta'], 'readwrite')
  transaction.objectStore('messages').clear()
  const at = Date.now() - 2_000_000
  for (let index = 0; index < 1_000; index += 1) transaction.objectStore('messages').put({
    id: 'm_' + index, conversationId: 'c_bench', position: at + index, role: index % 2 ? 'assistant' : 'user',
    content: 'A **message** of some words, and its number: message ' + index, status: index % 2 ? 'done' : 'sent',
    createdAt: at + index, parentId: index ? 'm_' + (index - 1) : null, runId: null,
  })
  transaction.objectStore('conversations').put({ id: 'c_bench', title: 'Bench', createdAt: at, updatedAt: at })
  transaction.objectStore('meta').put({ id: 'open', value: 'c_bench' })
  await new Promise((done, failed) => { transaction.oncomplete = done; transaction.onabort = failed })
  database.close()`

/** From the send in one tab to the frame in which the other one shows the question. */
async function otherTab(browser: Browser, site: string): Promise<Figure> {
  const times = await withContext(browser, async (context) => {
    const [here, there] = await twoTabs(context, site)
    const found: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const question = `${questionFor(20, 1_000)}, round ${round}`
      const isShown = `bench.find('chat-widget-message').some(({ message }) => message?.content === ${JSON.stringify(question)})`
      const seen = inPage<number>(there, `return await bench.until(() => ${isShown})`)
      const sent = await inPage<number>(
        here,
        `const at = performance.timeOrigin + performance.now()
         await bench.widget().send(${JSON.stringify(question)})
         return at`,
      )
      found.push((await seen) - sent)
    }
    return found
  })
  return atMost('another tab shows a message, median', times, 100)
}

/** Two pages of one browser, with one conversation open in both. */
export async function twoTabs(context: BrowserContext, site: string): Promise<readonly [Page, Page]> {
  const here = await openChat(context, site)
  await warmUp(here)
  const there = await openChat(context, site)
  await followAlong(there)
  return [here, there]
}

const FLOOD = scaled(FLOOD_RATE * FLOOD_SECONDS)

interface Flooded {
  /** The longest task over 50 ms; 0 when there was none. */
  readonly longest: number
  /** From each press of a key to the frame that answers. All in ms. */
  readonly keys: readonly number[]
}

/** Ten seconds of 5,000 tokens each, and somebody who types. */
const flood = (browser: Browser, site: string): Promise<Flooded> =>
  withContext(browser, async (context) => {
    const page = await openChat(context, site)
    await warmUp(page)
    await inPage(page, WATCH)
    const sent = inPage(
      page,
      `await bench.widget().send(${JSON.stringify(questionFor(FLOOD, FLOOD_RATE))}); window.over = true`,
    )
    await inPage(page, `await bench.until(() => bench.focus()?.localName === 'textarea')`)
    while (!(await page.evaluate('window.over'))) {
      await page.keyboard.press('a')
      await page.waitForTimeout(250)
    }
    await sent
    return inPage<Flooded>(page, 'return { longest: Math.max(0, ...tasks), keys }')
  })

function floodFigures(rounds: readonly Flooded[]): readonly Figure[] {
  const longest = rounds.map((round) => round.longest)
  const slowest = rounds.map(({ keys }) => quantile(keys, 1))
  const presses = rounds.reduce((sum, { keys }) => sum + keys.length, 0)
  return [
    {
      name: `flood, ${FLOOD} tokens at ${FLOOD_RATE}/s: longest task`,
      today: '–',
      target: '≤ 100 ms',
      measured: Math.max(...longest) === 0 ? `none over 50 ms in ${rounds.length}` : spread(longest, 'ms', 0),
      met: Math.max(...longest) <= 100,
    },
    {
      name: `slowest of ${presses} key presses in it, to the frame that answers`,
      today: '–',
      target: '≤ 100 ms',
      measured: spread(slowest, 'ms', 0),
      met: rounds.every(({ keys }) => keys.length > 0) && Math.max(...slowest) <= 100,
    },
  ]
}

const WATCH = `
  window.tasks = []
  window.keys = []
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) tasks.push(duration) }).observe({ type: 'longtask' })
  addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - timeStamp))), true)`

const atMost = (name: string, times: readonly number[], limit: number): Figure => ({
  name,
  today: '–',
  target: `≤ ${limit} ms`,
  measured: spread(times, 'ms', 0),
  met: median(times) <= limit,
})
