/**
 * A sequence diagram as SVG: who takes part, from left to right, and what passes between them, from top to bottom. Its colours
 * follow the reader's scheme, also inside of an `<img>`.
 * @typedef {{ id: string, name: string, note?: string }} Actor
 * @typedef {{ from: string, to: string, text: string, back?: boolean } | { note: string, at: string } | { frame: string, steps: number }} Step
 *   `back`: an answer, drawn dashed. `frame`: a line around the next `steps` steps.
 */

const COLUMN = 170
const ROW = 44
const HEAD = 76
const MARGIN = 24

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const STYLE = `
  svg { --ink: #1f2430; --soft: #5c6374; --line: #b9bfcc; --box: #eef1f8; --accent: #3552cf; --paper: #ffffff }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #eceef5; --soft: #a0a7b8; --line: #4a5060; --box: #262b38; --accent: #a9b8ff; --paper: #1b1d24 }
  }
  text { font: 13px system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round }
  .soft { fill: var(--soft); font-size: 12px }
  .head text { stroke: none }
  .name { font-weight: 600; font-size: 14px }
  .box { fill: var(--box); stroke: var(--line) }
  .life { stroke: var(--line); stroke-dasharray: 3 4 }
  .call { stroke: var(--accent); stroke-width: 1.5; fill: none }
  .back { stroke-dasharray: 6 4 }
  .tip { fill: var(--accent) }
  .frame { fill: none; stroke: var(--soft); stroke-dasharray: 2 3 }
  .paper { fill: var(--paper) }`

/**
 * @param {{ title: string, actors: Actor[], steps: Step[] }} diagram `title` is read to those who do not see it.
 * @returns {string}
 */
export function drawSequence({ title, actors, steps }) {
  const x = (id) => MARGIN + COLUMN * (actors.findIndex((actor) => actor.id === id) + 0.5)
  const rows = steps.filter((step) => !('frame' in step)).length
  const width = MARGIN * 2 + COLUMN * actors.length
  const height = HEAD + ROW * (rows + 1)
  const heads = actors.map((actor) => head(actor, x(actor.id), height))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="paper" width="${width}" height="${height}" rx="8"/>
${heads.join('\n')}
${bodyOf(steps, x, width).join('\n')}
</svg>
`
}

function head({ name, note }, at, height) {
  const half = COLUMN / 2 - 8
  return `<line class="life" x1="${at}" x2="${at}" y1="60" y2="${height - 16}"/>
<g class="head"><rect class="box" x="${at - half}" y="12" width="${half * 2}" height="48" rx="8"/>
<text class="name" x="${at}" y="${note ? 33 : 41}" text-anchor="middle">${escaped(name)}</text>
${note ? `<text class="soft" x="${at}" y="50" text-anchor="middle">${escaped(note)}</text>` : ''}</g>`
}

function bodyOf(steps, x, width) {
  let row = 0
  let number = 0
  return steps.map((step) => {
    if ('frame' in step) return frame(step, HEAD + ROW * row, width)
    const y = HEAD + ROW * (row += 1) - 8
    if ('note' in step) return note(step, x(step.at), y)
    return arrow({ ...step, text: `${(number += 1)}. ${step.text}` }, [x(step.from), x(step.to)], y)
  })
}

function arrow({ text, back }, [from, to], y) {
  const isSelf = from === to
  const path = isSelf ? `M${from} ${y - 14}h34v14h-32` : `M${from} ${y}H${to}`
  const label = isSelf
    ? `<text x="${from + 44}" y="${y - 3}">${escaped(text)}</text>`
    : `<text x="${(from + to) / 2}" y="${y - 8}" text-anchor="middle">${escaped(text)}</text>`
  return `<path class="call${back ? ' back' : ''}" d="${path}" marker-end="url(#tip)"/>\n${label}`
}

const note = ({ note: text }, at, y) =>
  `<text class="soft" x="${at + 12}" y="${y - 4}">${escaped(text)}</text>`

const frame = ({ frame: text, steps }, y, width) =>
  `<rect class="frame" x="${MARGIN / 2}" y="${y + 4}" width="${width - MARGIN}" height="${ROW * steps + 2}" rx="6"/>
<text class="soft" x="${MARGIN}" y="${y + 20}">${escaped(text)}</text>`
