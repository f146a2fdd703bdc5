import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from './paths.mjs'

export const operateFile = join(root, 'docs/operate.md')

const BEGIN = '<!-- configuration: made by scripts/configuration-table.mjs -->'
const END = '<!-- configuration: end -->'
/** Longer ones are texts, and stand in .env.example. */
const LONGEST_DEFAULT = 40

/** The page with the table as the schema has it, in the form that the formatter gives it. */
export async function withTable(page) {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`docs/operate.md has no place for the table: ${BEGIN} … ${END}`)
  const text = `${before}${BEGIN}\n\n${await tables()}\n\n${END}${after}`
  return format(text, { ...(await resolveConfig(operateFile)), filepath: operateFile })
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
