import htm from 'htm'
import { nodesOf, replaced } from './syntax.mjs'

/**
 * Reads the `html` templates that a browser would have to read otherwise, and puts the calls in their place that they would make: the library
 * that reads them stays out of the bundle. What holds no value is made once, as there.
 */
export const compileViews = {
  name: 'compile-views',
  transform(code, id) {
    if (id.includes('node_modules') || !/\bhtml\s*`/.test(code)) return null
    const parse = (text) => this.parse(text)
    return { code: compiled(code, parse), map: null }
  },
}

/** `code` without templates. The innermost come first: those around them hold calls then. */
export function compiled(code, parse) {
  const constants = []
  let text = code
  for (;;) {
    const templates = [...nodesOf(parse(text))].filter(({ tag }) => tag?.name === 'html')
    const inner = templates.filter(
      (each) => !templates.some((other) => other !== each && isInside(other, each)),
    )
    if (inner.length === 0) break
    text = replaced(
      text,
      inner.map((each) => ({ ...each, by: callOf(each.quasi, text, constants) })),
    )
  }
  const withElement = text.replace(/import \{([^}]*)\bhtml\b([^}]*)\} from/, 'import {$1element$2} from')
  const imports = parse(withElement).body.filter(({ type }) => type === 'ImportDeclaration')
  const end = imports.at(-1)?.end ?? 0
  return `${withElement.slice(0, end)}\n${constants.map((call, at) => `const view_${at}=/*@__PURE__*/${call};`).join('\n')}${withElement.slice(end)}`
}

const isInside = (inner, { start, end }) => inner.start > start && inner.end < end

/** A value, while htm reads the template around it. */
const MARK = /\0(\d+)\0/

function callOf({ quasis, expressions }, code, constants) {
  const values = expressions.map(({ start, end }) => code.slice(start, end))
  const read = htm.bind((tag, props, ...children) => ({ tag, props, children }))
  const pieces = quasis.map(({ value }) => value.cooked)
  const root = read(pieces, ...values.map((_, at) => `\0${at}\0`))
  return Array.isArray(root)
    ? `[${root.map((each) => write(each, values, constants)).join()}]`
    : write(root, values, constants)
}

function write(view, values, constants) {
  if (typeof view !== 'object') return writeText(String(view), values)
  if (!isConstant(view)) return writeElement(view, values, constants)
  const call = writeElement(view, values, [])
  if (!constants.includes(call)) constants.push(call)
  return `view_${constants.indexOf(call)}`
}

const isConstant = (view) => !JSON.stringify(view).includes('\\u0000')

function writeElement({ tag, props, children }, values, constants) {
  const entries = Object.entries(props ?? {}).map(
    ([name, value]) =>
      `${JSON.stringify(name)}:${value === true ? 'true' : writeText(String(value), values)}`,
  )
  // What stands in a constant is part of it.
  const isPart = isConstant({ tag, props, children })
  const inside = children.map((child) =>
    isPart && typeof child === 'object'
      ? writeElement(child, values, constants)
      : write(child, values, constants),
  )
  return `element(${[JSON.stringify(tag), entries.length > 0 ? `{${entries.join()}}` : 'null', ...inside].join()})`
}

/** A text with values in it: the value alone, or a template of both. */
function writeText(text, values) {
  const pieces = text.split(MARK)
  if (pieces.length === 3 && pieces[0] === '' && pieces[2] === '') return `(${values[Number(pieces[1])]})`
  if (pieces.length === 1) return JSON.stringify(text)
  const escape = (piece) => piece.replace(/[\\`]|\$(?=\{)/g, '\\$&')
  return `\`${pieces.map((piece, at) => (at % 2 === 0 ? escape(piece) : `\${${values[Number(piece)]}}`)).join('')}\``
}
