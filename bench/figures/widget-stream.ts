import type { Browser } from 'playwright-core'
import { median, scaled, type Bench, type Figure } from '../figure.js'
import { launch, measureAnswer, type Cost, type Kind } from '../widget/measure.js'
import { startSite } from '../widget/site.js'

const RATE = 500
const ROUNDS = 3
const SIZES = [
  { tokens: 2_000, limit: 1.25, today: 'streamdown 2.7, deep-chat 12.8' },
  { tokens: 8_000, limit: 1.25, today: 'streamdown 3.1, deep-chat never done' },
  { tokens: 32_000, limit: 1.4, today: 'streamdown 3.6' },
] as const

/** What a streamed answer costs the page's main thread, beside the same stream written as plain paragraphs. */
export const widgetStream: Bench = {
  name: 'A streamed answer in the widget',
  async run() {
    const site = await startSite()
    const browser = await launch()
    try {
      const rows: { readonly tokens: number; readonly plain: Cost; readonly chat: Cost }[] = []
      for (const { tokens } of SIZES) {
        const size = scaled(tokens)
        const rounds = tokens > 10_000 ? 1 : ROUNDS
        rows.push({
          tokens: size,
          plain: await middle(browser, site.url, 'plain', size, rounds),
          chat: await middle(browser, site.url, 'chat', size, rounds),
        })
      }
      return figuresOf(rows)
    } finally {
      await browser.close()
      site.close()
    }
  },
}

/** The round whose CPU time is the middle one. */
async function middle(
  browser: Browser,
  site: string,
  kind: Kind,
  tokens: number,
  rounds: number,
): Promise<Cost> {
  const costs: Cost[] = []
  for (let round = 0; round < rounds; round += 1) {
    costs.push(await measureAnswer(browser, site, kind, { tokens, rate: RATE }))
  }
  const cpu = median(costs.map((cost) => cost.cpu))
  const found = costs.find((cost) => cost.cpu === cpu)
  if (!found) throw new Error('No round was measured.')
  return found
}

function figuresOf(rows: readonly { tokens: number; plain: Cost; chat: Cost }[]): Figure[] {
  const ratios = rows.map(({ tokens, plain, chat }, index) => {
    const { limit, today } = SIZES[index] ?? { limit: 0, today: '' }
    const ratio = chat.cpu / plain.cpu
    return figure(
      `main-thread CPU against plain paragraphs, ${tokens} tokens at ${RATE}/s`,
      today,
      `≤ ${limit} ×`,
      `${ratio.toFixed(2)} × (${chat.cpu.toFixed(0)} ms to ${plain.cpu.toFixed(0)} ms)`,
      ratio <= limit,
    )
  })
  const [small, large, huge] = rows
  if (!small || !large || !huge) return ratios
  const growth = large.chat.cpu / large.tokens / (small.chat.cpu / small.tokens)
  const long = large.chat.longTasks.length
  const megabytes = huge.chat.heap / 1e6
  return [
    ...ratios,
    figure(
      `growth of cost per token, ${small.tokens} → ${large.tokens}`,
      '1.26',
      '≤ 1.2',
      growth.toFixed(2),
      growth <= 1.2,
    ),
    figure(`tasks over 50 ms at ${large.tokens} tokens`, '4', '0', String(long), long === 0),
    figure(
      'end of the answer → shown, two frames included',
      '0.1 s … never',
      '≤ 50 ms',
      `${large.chat.settled.toFixed(0)} ms`,
      large.chat.settled <= 50,
    ),
    figure(
      `heap over idle after ${huge.tokens} tokens`,
      '14.3 MB (streamdown)',
      '≤ 1.5 MB',
      `${megabytes.toFixed(1)} MB (plain page ${(huge.plain.heap / 1e6).toFixed(1)} MB)`,
      megabytes <= 1.5,
    ),
  ]
}

const figure = (name: string, today: string, target: string, measured: string, met: boolean): Figure => ({
  name,
  today,
  target,
  measured,
  met,
})
