import { median, ROUNDS, scaled, spread, type Bench, type Figure } from '../figure.js'
import { peersCount, peersSpread } from '../widget/beside.js'
import { launch, patienceFor, type Cost, type Outcome } from '../widget/measure.js'
import { measureRounds, type PeerRounds, type Round } from '../widget/rounds.js'
import { startSite } from '../widget/site.js'

const RATE = 500
/** Peers take part in one round of what takes them long: the bench takes long enough. */
const SIZES: readonly { readonly tokens: number; readonly limit: number; readonly peers: PeerRounds }[] = [
  { tokens: 2_000, limit: 1.25, peers: { streamdown: 3, 'deep-chat': 1, 'deep-chat?partialRender': 3 } },
  { tokens: 8_000, limit: 1.25, peers: { streamdown: 3, 'deep-chat': 1, 'deep-chat?partialRender': 3 } },
  { tokens: 32_000, limit: 1.4, peers: { streamdown: 1 } },
]

/** What a streamed answer costs the page's main thread, beside the same stream written as plain paragraphs, and by peers. */
export const widgetStream: Bench = {
  name: 'A streamed answer in the widget',
  parts: ['Chromium'],
  async run() {
    const site = await startSite()
    const browser = await launch()
    try {
      const rows: Row[] = []
      for (const { tokens, limit, peers } of SIZES) {
        const answer = { tokens: scaled(tokens), rate: RATE }
        rows.push({ ...answer, limit, rounds: await measureRounds(browser, site, answer, peers) })
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
  readonly limit: number
  readonly rounds: readonly Round[]
}

function figuresOf(rows: readonly Row[]): readonly Figure[] {
  const [small, large, huge] = rows
  const ratios = rows.map(ratioFigure)
  if (!small || !large || !huge) return ratios
  return [
    ...ratios,
    growthFigure(small, large),
    longTasksFigure(large),
    settledFigure(large),
    heapFigure(huge),
  ]
}

const each = (rounds: readonly Round[], of: (round: Round) => number): readonly number[] => rounds.map(of)

function ratioFigure({ tokens, limit, rounds }: Row): Figure {
  const ratio = each(rounds, ({ plain, chat }) => chat.cpu / plain.cpu)
  const cpu = (kind: 'chat' | 'plain'): string =>
    spread(
      each(rounds, (round) => round[kind].cpu),
      'ms',
      0,
    )
  return {
    name: `main-thread CPU against plain paragraphs, ${tokens} tokens at ${RATE}/s`,
    today: peersSpread(rounds, lateFor(tokens), (cost, { plain }) => cost.cpu / plain.cpu, '×'),
    target: `≤ ${limit} ×`,
    measured: `${spread(ratio, '×')}; ${cpu('chat')} to ${cpu('plain')}`,
    met: median(ratio) <= limit,
  }
}

const lateFor = (tokens: number): string =>
  `not done after ${(patienceFor(tokens, RATE) / 1000).toFixed(0)} s`

function growthFigure(small: Row, large: Row): Figure {
  const against = (before: Outcome | undefined, { cpu }: Cost): number =>
    cpu / large.tokens / ((before?.cpu ?? Number.NaN) / small.tokens)
  const growth = large.rounds.map(({ chat }, round) => against(small.rounds[round]?.chat, chat))
  return {
    name: `growth of cost per token, ${small.tokens} → ${large.tokens}`,
    today: peersSpread(
      large.rounds,
      'not done',
      (cost, round, peer) => against(small.rounds[large.rounds.indexOf(round)]?.peers.get(peer), cost),
      '×',
    ),
    target: '≤ 1.2 ×',
    measured: spread(growth, '×'),
    met: median(growth) <= 1.2,
  }
}

function longTasksFigure({ tokens, rounds }: Row): Figure {
  const long = each(rounds, ({ chat }) => chat.longTasks.length).reduce((sum, count) => sum + count, 0)
  return {
    name: `tasks over 50 ms at ${tokens} tokens, ${ROUNDS} times`,
    today: peersCount(rounds, 'not done', ({ longTasks }) => longTasks.length),
    target: '0',
    measured: String(long),
    met: long === 0,
  }
}

function settledFigure({ rounds }: Row): Figure {
  const settled = each(rounds, ({ chat }) => chat.settled)
  return {
    name: 'end of the answer → shown, two frames included',
    today: peersSpread(rounds, 'not done', (cost) => cost.settled, 'ms', 0),
    target: '≤ 50 ms',
    measured: spread(settled, 'ms', 0),
    met: median(settled) <= 50,
  }
}

function heapFigure({ tokens, rounds }: Row): Figure {
  const heap = each(rounds, ({ chat }) => chat.heap / 1e6)
  const plain = each(rounds, (round) => round.plain.heap / 1e6)
  return {
    name: `heap over idle after ${tokens} tokens`,
    today: peersSpread(rounds, 'not done', (cost) => cost.heap / 1e6, 'MB', 1),
    target: '≤ 1.5 MB',
    measured: `${spread(heap, 'MB', 1)}; plain page ${spread(plain, 'MB', 1)}`,
    met: median(heap) <= 1.5,
  }
}
