import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { CHROMIUM } from '../parts.js'
import { questionFor } from './site.js'

export function launch(): Promise<Browser> {
  // Chromium refuses its sandbox to root, which is what containers run as.
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--enable-precise-memory-info']
  return chromium.launch({ executablePath: CHROMIUM, args })
}

export type Kind = 'plain' | 'chat'

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

/** Opens a page of its own, asks for an answer of `tokens`, waits for its end. */
export async function measureAnswer(
  browser: Browser,
  site: string,
  kind: Kind,
  { tokens, rate }: { readonly tokens: number; readonly rate: number },
): Promise<Cost> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.goto(`${site}/${kind}`)
    if (kind === 'chat') await warmUp(page)
    const before = { cpu: await cpuOf(session), heap: await heapOf(session) }
    const { longTasks, settled } = await ask(page, kind, questionFor(tokens, rate))
    const cpu = (await cpuOf(session)) - before.cpu
    return { cpu, longTasks, settled, heap: (await heapOf(session)) - before.heap }
  } finally {
    await context.close()
  }
}

/** A first short answer, so that everything is loaded and compiled, in a conversation of its own. */
async function warmUp(page: Page): Promise<void> {
  await page.evaluate(
    async (question) => {
      const widget = document.querySelector('chat-widget') as unknown as WidgetApi // as documented
      await widget.open()
      await widget.send(question)
      await widget.newConversation()
    },
    questionFor(200, 1_000),
  )
}

interface WidgetApi {
  open(): Promise<void> | void
  send(question: string): Promise<unknown>
  newConversation(): Promise<void> | void
}

async function ask(page: Page, kind: Kind, question: string): Promise<Pick<Cost, 'longTasks' | 'settled'>> {
  return page.evaluate(
    async ({ kind, question }) => {
      const longTasks: number[] = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longTasks.push(duration)
      })
      observer.observe({ type: 'longtask' })
      const holder: unknown = kind === 'chat' ? document.querySelector('chat-widget') : window
      const method: unknown = Reflect.get(Object(holder), kind === 'chat' ? 'send' : 'ask')
      if (typeof method !== 'function') throw new Error('The page has no chat.')
      const outcome: unknown = await method.call(holder, question)
      const status: unknown = Reflect.get(Object(outcome ?? {}), 'status')
      if (kind === 'chat' && status !== 'done') throw new Error(`The answer ended as ${String(status)}.`)
      const ended = performance.now()
      // Two frames: whatever the end still changed is shown then.
      for (let frame = 0; frame < 2; frame += 1) await new Promise((done) => requestAnimationFrame(done))
      const settled = performance.now() - ended
      observer.disconnect()
      return { longTasks, settled }
    },
    { kind, question },
  )
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
