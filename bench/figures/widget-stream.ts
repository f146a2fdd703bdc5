import { median, repeated, ROUNDS, scaled, spread, type Bench, type Figure } from '../figure.js'
import { launch, measureAnswer, type Cost, type Kind } from '../widget/measure.js'
import { startSite } from '../widget/site.js'

const RATE = 500
const SIZES = [
  { tokens: 2_000, limit: 1.25, today: 'streamdown 2.7, deep-chat 12.8' },
  { tokens: 8_000, limit: 1.25, today: 'streamdown 3.1, deep-chat never done' },
  { tokens: 32_000, limit: 1.4, today: 'streamdown 3.6' },
] as const

/** What a streamed answer costs the page's main thread, beside the same stream written as plain paragraphs. */
export const widgetStream: Bench = {
  name: 'A streamed answer in the widget',
  parts: ['Chromium'],
  async run() {
    const site = await startSite()
    const browser = await launch()
    try {
      const rows: Row[] = []
      for (const { tokens } of SIZES) {
        const size = scaled(tokens)
        const one = (kind: Kind) => measureAnswer(browser, site.url, kind, { tokens: size, rate: RATE })
        // In turns: what the machine does to one of a round it does to the other.
        const rounds = await repeated(async () => ({ plain: await one('plain'), chat: await one('chat') }))
        rows.push({ tokens: size, rounds })
      }
      return figuresOf(rows)
    } finally {
      await browser.close()
      site.close()
    }
  },
}

interface Row {
  readonly tokens: number
  readonly rounds: readonly { readonly plain: Cost; readonly chat: Cost }[]
}

function figuresOf(rows: readonly Row[]): Figure[] {
  const ratios = rows.map(({ tokens, rounds }, index) => {
    const { limit, today } = SIZES[index] ?? { limit: 0, today: '' }
    const ratio = rounds.map(({ plain, chat }) => chat.cpu / plain.cpu)
    const cpu = (kind: Kind): string =>
      spread(
        rounds.map((round) => round[kind].cpu),
        'ms',
        0,
      )
    return figure(
      `main-thread CPU against plain paragraphs, ${tokens} tokens at ${RATE}/s`,
      today,
      `≤ ${limit} ×`,
      `${spread(ratio, '×')}; ${cpu('chat')} to ${cpu('plain')}`,
      median(ratio) <= limit,
    )
  })
  const [small, large, huge] = rows
  if (!small || !large || !huge) return ratios
  const each = ({ rounds }: Row, of: (chat: Cost) => number): readonly number[] =>
    rounds.map(({ chat }) => of(chat))
  const perToken = (row: Row): readonly number[] => each(row, ({ cpu }) => cpu / row.tokens)
  const before = perToken(small)
  const growth = perToken(large).map((cost, round) => cost / (before[round] ?? Number.NaN))
  const long = each(large, ({ longTasks }) => longTasks.length).reduce((sum, count) => sum + count, 0)
  const settled = each(large, (cost) => cost.settled)
  const heap = each(huge, (cost) => cost.heap / 1e6)
  const plainHeap = huge.rounds.map(({ plain }) => plain.heap / 1e6)
  return [
    ...ratios,
    figure(
      `growth of cost per token, ${small.tokens} → ${large.tokens}`,
      '1.26',
      '≤ 1.2 ×',
      spread(growth, '×'),
      median(growth) <= 1.2,
    ),
    figure(`tasks over 50 ms at ${large.tokens} tokens, ${ROUNDS} times`, '4', '0', String(long), long === 0),
    figure(
      'end of the answer → shown, two frames included',
      '0.1 s … never',
      '≤ 50 ms',
      spread(settled, 'ms', 0),
      median(settled) <= 50,
    ),
    figure(
      `heap over idle after ${huge.tokens} tokens`,
      '14.3 MB (streamdown)',
      '≤ 1.5 MB',
      `${spread(heap, 'MB', 1)}; plain page ${spread(plainHeap, 'MB', 1)}`,
      median(heap) <= 1.5,
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
