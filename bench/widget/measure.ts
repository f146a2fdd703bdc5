import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { CHROMIUM } from '../parts.js'
import type { AnswerPage, Kind } from './pages.js'
import { questionFor, type Site } from './site.js'

/** @param more arguments of Chromium */
export function launch(more: readonly string[] = []): Promise<Browser> {
  // Chromium refuses its sandbox to root, which is what containers run as.
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--enable-precise-memory-info',
    ...more,
  ]
  return chromium.launch({ executablePath: CHROMIUM, args })
}

/** What one streamed answer cost the page. */
export interface Cost {
  /** CPU time of the page's main thread, in milliseconds. */
  readonly cpu: number
  /** Tasks of more than 50 ms, in milliseconds each. */
  readonly longTasks: readonly number[]
  /** From the last byte to the last change of what is shown, in milliseconds. */
  readonly settled: number
  /** Bytes of the heap over the idle page, after a garbage collection. */
  readonly heap: number
}

/** `null`: it was not shown whole in the time that it was given. */
export type Outcome = Cost | null

/** So long an answer may take, in ms: twice as long as its stream, and this. */
const PATIENCE = 20_000
export const patienceFor = (tokens: number, rate: number): number => (2_000 * tokens) / rate + PATIENCE

/** Opens a page of its own, asks for an answer of `tokens`, waits for its end. */
export async function measureAnswer(
  browser: Browser,
  site: Site,
  kind: Kind,
  { tokens, rate }: { readonly tokens: number; readonly rate: number },
): Promise<Outcome> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.goto(`${site.url}/${kind}`)
    await warmUp(page)
    const before = { cpu: await cpuOf(session), heap: await heapOf(session) }
    const shown = await within(patienceFor(tokens, rate), ask(page, questionFor(tokens, rate)))
    if (!shown) return null
    const cpu = (await cpuOf(session)) - before.cpu
    const settled = shown.at - site.lastEnd()
    return { cpu, longTasks: shown.longTasks, settled, heap: (await heapOf(session)) - before.heap }
  } finally {
    await context.close()
  }
}

/** A first short answer, so that everything is loaded and compiled, in a conversation of its own. */
function warmUp(page: Page): Promise<void> {
  return page.evaluate(
    // The pages have these methods.
    (question) => (window as unknown as AnswerPage).warmUp(question),
    questionFor(200, 1_000),
  )
}

interface Shown {
  readonly longTasks: readonly number[]
  /** In milliseconds since the epoch. */
  readonly at: number
}

function ask(page: Page, question: string): Promise<Shown> {
  return page.evaluate(async (question) => {
    const longTasks: number[] = []
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration)
    })
    observer.observe({ type: 'longtask' })
    // The pages have these methods.
    await (window as unknown as AnswerPage).ask(question)
    // Two frames: whatever the end still changed is shown then.
    for (let frame = 0; frame < 2; frame += 1) await new Promise((done) => requestAnimationFrame(done))
    const at = performance.timeOrigin + performance.now()
    observer.disconnect()
    return { longTasks, at }
  }, question)
}

/** @returns null when it takes longer than `ms`; what it comes to then is of no interest. */
async function within<T>(ms: number, task: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  // A page that is closed before its end fails.
  task.catch(() => {})
  return Promise.race([task, late]).finally(() => clearTimeout(timer))
}

async function cpuOf(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}
