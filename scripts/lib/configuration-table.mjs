import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from './paths.mjs'

export const operateFile = join(root, 'docs/operate.md')

const MADE_BY = 'made by scripts/configuration-table.mjs'
/** Longer ones are texts, and stand in .env.example. */
const LONGEST_DEFAULT = 40

/** The page with the tables as the code has them, in the form that the formatter gives it. */
export async function withTables(page) {
  const text = filled(filled(page, 'configuration', await tables()), 'prices', await priceTable())
  return format(text, { ...(await resolveConfig(operateFile)), filepath: operateFile })
}

function filled(page, place, content) {
  const [begin, end] = [`<!-- ${place}: ${MADE_BY} -->`, `<!-- ${place}: end -->`]
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`docs/operate.md has no place for the table: ${begin} … ${end}`)
  return `${before}${begin}\n\n${content}\n\n${end}${after}`
}

async function priceTable() {
  const { PRICE_TABLE } = await import('../../packages/chat-proxy/dist/config/price-table.js')
  const rows = PRICE_TABLE.flatMap(({ name, prices }) =>
    prices.map(
      ({ model, input, cachedInput, output, asOf, source }) =>
        `| ${name} | \`${model}\` | ${input} | ${cachedInput ?? ''} | ${output} | ${asOf} | ${cell(source)} |`,
    ),
  )
  const head = '| API | model | input | cached input | output | as of | read in |'
  return [head, '| --- | --- | --: | --: | --: | --- | --- |', ...rows].join('\n')
}

async function tables() {
  const { describeVariables, VARIABLE_GROUPS } =
    await import('../../packages/chat-proxy/dist/config/describe-variables.js')
  return Object.entries(VARIABLE_GROUPS)
    .map(([heading, variables]) => `### ${heading}\n\n${tableOf(describeVariables(variables))}`)
    .join('\n\n')
}

const tableOf = (variables) =>
  ['| variable | default | what it is |', '| --- | --- | --- |', ...variables.map(rowOf)].join('\n')

const rowOf = ({ name, usual, description }) => `| \`${name}\` | ${defaultOf(usual)} | ${cell(description)} |`

const defaultOf = (usual) => {
  if (usual === null) return ''
  return usual.length > LONGEST_DEFAULT ? 'see `.env.example`' : `\`${usual}\``
}

/** Text in a table: a bar would end the cell, and what looks like a tag would be one. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
