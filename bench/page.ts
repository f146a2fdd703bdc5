import { cpus, totalmem } from 'node:os'
import type { Figure } from './figure.js'

/** One bench's figures as a table, with what they were measured on. @param parts the programs that took part, with their versions */
export function sectionOf(figures: readonly Figure[], seconds: number, parts: readonly string[]): string {
  const rows = figures.map(
    ({ name, today, target, measured, met }) =>
      `| ${name} | ${today} | ${target} | ${measured} | ${met ? 'met' : '**not met**'} |`,
  )
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() || 'unnamed processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  const programs = [`Node ${process.version}`, ...parts].join(', ')
  const day = new Date().toISOString().slice(0, 10)
  return [
    '| what | today | target | measured | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `${day}, in ${seconds.toFixed(0)} s, on ${machine}, ${programs}, ${process.platform}.`,
    '',
  ].join('\n')
}

const HEAD = `# Benchmarks

Made by \`pnpm bench\`, which prints every figure beside its target and writes its section of this page; above each table
stands the command for it alone. The column _today_ has others, each with its version, in the same run as ours; \`–\` where none was measured. The column
_target_ is what the project asks of itself, and the last column says whether that is reached.

What is time, CPU or memory is measured several times within a run. The column _measured_ has the median of these rounds, and in brackets the
least and the most of them with their number, \`3.66 µs (3.41–3.98 in 7)\`. A target for the median or a p99 is met when the median of the rounds
meets it; one for the longest of all is met when every round does. What is counted is the count of the whole run.
`

/** The page with one section put in or replaced; sections stand in the order of `names`. */
export function withSection(
  page: string,
  names: readonly string[],
  section: { readonly name: string; readonly text: string },
): string {
  const sections = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((part): [string, string] => {
        const [name = '', ...lines] = part.split('\n')
        return [
          name,
          lines
            .filter((line) => line !== commandOf(name))
            .join('\n')
            .trim(),
        ]
      }),
  )
  sections.set(section.name, section.text.trim())
  const known = names.filter((name) => sections.has(name))
  const all = known.map((name) => ({ name, text: sections.get(name) ?? '' }))
  return [
    HEAD,
    summaryOf(all),
    ...all.map(({ name, text }) => `## ${name}\n\n${commandOf(name)}\n\n${text}\n`),
  ].join('\n')
}

/** How many targets are met, and where to find those that are not. */
function summaryOf(sections: readonly { readonly name: string; readonly text: string }[]): string {
  const counts = sections.map(({ name, text }) => ({
    name,
    met: text.match(/ \| met \|$/gm)?.length ?? 0,
    missed: text.match(/ \| \*\*not met\*\* \|$/gm)?.length ?? 0,
  }))
  const met = counts.reduce((sum, each) => sum + each.met, 0)
  const missed = counts.filter((each) => each.missed > 0)
  const all = missed.reduce((sum, each) => sum + each.missed, met)
  const where = missed.map(({ name, missed }) => `${linkTo(name)} (${missed})`).join(', ')
  return `${met} of ${all} targets are met.${where === '' ? '' : ` Not met: ${where}.`}\n`
}

const linkTo = (name: string): string => `[${name}](#${name.toLowerCase().replaceAll(' ', '-')})`

/** What to type for this section alone: the words of its name. */
const commandOf = (name: string): string => `\`pnpm bench ${name.toLowerCase()}\``
