import type { Figure } from '../figure.js'
import { peersIn, quantityIn, rangeIn, type Peer, type Quantity } from './quantity.js'

const WIDTH = 760
const NAMES = 250
const VALUES = 110
const BAR = 18
const GAP = 6
const LINE = 18
const LETTERS = 100

const STYLE = `
  svg { --ink: #1f2430; --soft: #5c6374; --peer: #b9bfcc; --good: #3552cf; --bad: #c2410c; --paper: #ffffff }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #eceef5; --soft: #a0a7b8; --peer: #4a5060; --good: #8ea2ff; --bad: #fb923c; --paper: #1b1d24 }
  }
  text { font: 13px system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; fill: var(--ink) }
  .name { font-weight: 600 }
  .soft { fill: var(--soft) }
  .paper { fill: var(--paper) }
  .peer { fill: var(--peer) }
  .good { fill: var(--good) }
  .bad { fill: var(--bad) }
  .target { stroke: var(--soft); stroke-dasharray: 4 3 }
  .range { stroke: var(--ink); stroke-width: 1.5 }`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

interface Drawn {
  readonly height: number
  readonly svg: string
}

/** A section of the page as a picture: each figure beside its target and its peers, where they are numbers of one unit. */
export function drawFigures(title: string, figures: readonly Figure[]): string {
  let y = 12
  const parts = figures.map((figure) => {
    const { svg, height } = drawFigure(figure)
    const placed = `<g transform="translate(0 ${y})">${svg}</g>`
    y += height
    return placed
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<rect class="paper" width="${WIDTH}" height="${y}" rx="8"/>
${parts.join('\n')}
</svg>
`
}

function drawFigure(figure: Figure): Drawn {
  const lines = wrapped(figure.name)
  const head = lines
    .map((line, index) => `<text class="name" x="16" y="${LINE * (index + 1)}">${escaped(line)}</text>`)
    .join('')
  const top = LINE * lines.length + 8
  const measured = quantityIn(figure.measured)
  const target = quantityIn(figure.target)
  const body = measured ? bars(figure, measured, target) : words(figure)
  return { svg: `${head}<g transform="translate(0 ${top})">${body.svg}</g>`, height: top + body.height + 16 }
}

/** What is counted rather than measured says whether it holds, and below it what others reach. */
function words({ today, measured, target, met }: Figure): Drawn {
  const mark = met ? '✓' : '✗'
  const others = today === '–' ? [] : wrapped(today)
  const below = others.map(
    (line, index) => `<text class="soft" x="34" y="${14 + LINE * (index + 1)}">${escaped(line)}</text>`,
  )
  const svg = `<text class="${met ? 'good' : 'bad'}" x="16" y="14">${mark}</text><text x="34" y="14">${escaped(measured)}</text><text class="soft" x="${WIDTH - 16}" y="14" text-anchor="end">target: ${escaped(target)}</text>${below.join('')}`
  return { svg, height: LINE * (1 + others.length) }
}

interface Row extends Peer {
  readonly kind: string
}

/** A bar each for ours and for those of others in the same unit; the line over its end goes from the least round to the most. */
function bars({ today, met, measured: cell }: Figure, measured: Quantity, target: Quantity | null): Drawn {
  const peers = peersIn(today).filter(({ unit }) => unit === measured.unit)
  const rows: readonly Row[] = [
    { ...measured, name: 'Colloquy', kind: met ? 'good' : 'bad', range: rangeIn(cell) },
    ...peers.map((peer) => ({ ...peer, kind: 'peer' })),
  ]
  const goal = target?.unit === measured.unit ? target.value : 0
  const most = Math.max(goal, ...rows.map(({ value, range }) => Math.max(value, range?.[1] ?? 0))) || 1
  const place = (value: number): number => NAMES + (Math.max(0, value) / most) * (WIDTH - NAMES - VALUES - 16)
  const drawn = rows.map((row, index) => bar(row, index * (BAR + GAP), place))
  const height = rows.length * (BAR + GAP)
  const line =
    goal > 0
      ? `<line class="target" x1="${place(goal).toFixed(1)}" x2="${place(goal).toFixed(1)}" y1="-4" y2="${height}"/><text class="soft" x="${place(goal).toFixed(1)}" y="${height + 12}" text-anchor="middle">target ${goal} ${measured.unit}</text>`
      : ''
  return { svg: drawn.join('') + line, height: height + (line ? LINE : 0) }
}

function bar({ name, value, unit, kind, range }: Row, y: number, place: (value: number) => number): string {
  const end = place(value)
  const [least, far] = range ? range.map(place) : []
  const middle = y + BAR / 2
  const line =
    least === undefined || far === undefined
      ? ''
      : `<line class="range" x1="${least.toFixed(1)}" x2="${far.toFixed(1)}" y1="${middle}" y2="${middle}"/>`
  return `<text class="soft" x="${NAMES - 8}" y="${y + 14}" text-anchor="end">${escaped(name.slice(0, 36))}</text><rect class="${kind}" x="${NAMES}" y="${y}" width="${Math.max(2, end - NAMES).toFixed(1)}" height="${BAR}" rx="3"/>${line}<text x="${(Math.max(end, far ?? end) + 6).toFixed(1)}" y="${y + 14}">${value} ${unit}</text>`
}

function wrapped(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last.length + word.length < LETTERS) lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
