import { markup, prose, type Markup } from '../html/markup.js'
import type { SchemaObject } from './openapi-types.js'

export const namedSchema = ([name, schema]: readonly [string, SchemaObject]): Markup =>
  markup`<section id="schema-${name}"><h3>${name}</h3>${schemaOf(schema)}${(schema.examples ?? []).map(exampleOf)}</section>`

const exampleOf = (example: unknown): Markup => markup`<pre>${JSON.stringify(example, null, 2)}</pre>`

/** What a value looks like: a link to a named schema, a table of fields, or a few words. */
export function schemaOf(schema: SchemaObject): Markup {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return markup`<a href="#schema-${name}">${name}</a>`
  }
  const told = schema.description === undefined ? [] : markup` <span>${prose(schema.description)}</span>`
  const either = schema.anyOf ?? schema.oneOf
  if (either) return markup`${either.map(alternative)}${told}`
  if (schema.items) return markup`list of ${schemaOf(schema.items)}${told}`
  if (schema.properties) return markup`${told}${fieldTable(schema)}`
  return markup`<code>${wordsOf(schema)}</code>${told}`
}

const alternative = (schema: SchemaObject, index: number): Markup =>
  markup`${index > 0 ? ' or ' : ''}${schemaOf(schema)}`

const fieldTable = ({ properties = {}, required = [] }: SchemaObject): Markup =>
  markup`<table>${Object.entries(properties).map(
    ([name, schema]) =>
      markup`<tr><td><code>${name}</code>${required.includes(name) ? '' : '?'}</td><td>${schemaOf(schema)}</td></tr>`,
  )}</table>`

/** Keywords that say what a simple value may be. */
const BOUNDS = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'default'] as const

function wordsOf(schema: SchemaObject): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const type = [schema.type ?? 'any'].flat().join(' | ')
  const format = typeof schema['format'] === 'string' ? ` ${schema['format']}` : ''
  const bounds = BOUNDS.filter((name) => schema[name] !== undefined).map(
    (name) => `${name} ${String(schema[name])}`,
  )
  return [`${type}${format}`, ...bounds].join(', ')
}
