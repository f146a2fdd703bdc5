import { nodesOf, replaced } from './syntax.mjs'

const KEPT = ['Lexer', 'Tokenizer']

/** What `src/markdown/lexer.ts` sets, and what it leaves as it is. */
const OPTIONS = {
  gfm: 'true',
  breaks: 'true',
  pedantic: 'false',
  silent: 'false',
}

/**
 * `marked` is one file, with a parser, renderers, another dialect of Markdown and places for extensions. We use its lexer, always with the same
 * options: what those never reach is taken out. Its behaviour stays (`lexer-alone.test.mjs`).
 */
export const lexerAlone = {
  name: 'lexer-alone',
  transform(code, id) {
    if (!id.endsWith('marked.esm.js')) return null
    const parse = (text) => this.parse(text)
    return { code: reduceMarked(code, parse), map: null }
  },
}

/** @throws Error when marked has another shape than the one that this was written for */
export function reduceMarked(code, parse) {
  const steps = [
    exportKept,
    fixOptions,
    knowLookbehind,
    knowTokenizer,
    dropDialects,
    // What is left of another dialect would be an heir, too.
    (text) => dropUnused(text, parse),
    dropReplaced,
    dropEntrances,
    dropMessages,
    // What is dropped names patterns.
    (text) => dropUnused(text, parse),
    shortenPatterns,
  ]
  return steps.reduce((text, step) => step(text, parse(text)), code)
}

function exportKept(code, tree) {
  const [list] = tree.body.filter(({ type }) => type === 'ExportNamedDeclaration')
  const kept = list?.specifiers.filter(({ exported }) => KEPT.includes(exported.name)) ?? []
  if (kept.length !== KEPT.length) throw new Error('marked exports something else now.')
  const names = kept.map(({ local, exported }) => `${local.name} as ${exported.name}`)
  return replaced(code, [{ ...list, by: `export{${names.join()}};` }])
}

/** Puts the value of each option in the place of the question for it. */
function fixOptions(code, tree) {
  const isOption = ({ type, object, property }) =>
    type === 'MemberExpression' &&
    object.type === 'MemberExpression' &&
    object.property.name === 'options' &&
    Object.hasOwn(OPTIONS, property.name)
  const places = [...nodesOf(tree)]
    .filter(isOption)
    .map((node) => ({ ...node, by: OPTIONS[node.property.name] }))
  if (places.length < 20) throw new Error('marked asks for its options in another way now.')
  return replaced(code, places)
}

/** Every browser that runs the widget has lookbehind: patterns of our own have it. */
function knowLookbehind(code, tree) {
  const known = [...nodesOf(tree)].find(
    ({ type, init }) =>
      type === 'VariableDeclarator' && code.slice(init?.start, init?.end).includes('(?<=1)(?<!1)'),
  )
  const places = [...nodesOf(tree)]
    .filter(({ type, test }) => type === 'ConditionalExpression' && test.name === known?.id.name)
    .map((node) => ({ ...node, by: code.slice(node.consequent.start, node.consequent.end) }))
  if (!known || places.length === 0) throw new Error('marked asks for lookbehind in another way now.')
  return replaced(code, places)
}

/** Options and a tokenizer are always given, and the tokenizer has marked's own rules for paragraphs and emphasis. */
function knowTokenizer(code, tree) {
  const textOf = ({ start, end }) => code.slice(start, end)
  const nodes = [...nodesOf(tree)]
  const comparisons = nodes
    .filter(({ operator, right }) => /^[!=]==$/.test(operator) && textOf(right).includes('.prototype.'))
    .map((node) => ({ ...node, by: String(node.operator === '===') }))
  const fallbacks = nodes
    .filter(
      ({ type, left, right }) =>
        type === 'AssignmentExpression' && textOf(left).startsWith('this.options') && right.operator === '||',
    )
    .map(({ right }) => ({ ...right, by: textOf(right.left) }))
  if (comparisons.length !== 3 || fallbacks.length < 3)
    throw new Error('marked takes its tokenizer in another way now.')
  return replaced(code, [...comparisons, ...fallbacks])
}

/** Takes the rules of the dialects that nobody can choose any more out of the tables of rules. */
function dropDialects(code, tree) {
  const tables = [...nodesOf(tree)].filter(
    ({ type, properties }) =>
      type === 'ObjectExpression' &&
      ['normal', 'gfm', 'pedantic'].every((key) => properties.some(named(key))),
  )
  if (tables.length !== 2) throw new Error('marked keeps its rules somewhere else now.')
  return replaced(
    code,
    tables.map((table) => without(code, table, (each) => named('pedantic')(each) || named('normal')(each))),
  )
}

/** Takes out of a table of rules those that the one dialect which is made of it has others for. */
function dropReplaced(code, tree) {
  const nodes = [...nodesOf(tree)]
  const tables = nodes.filter(
    ({ type, init }) => type === 'VariableDeclarator' && init?.type === 'ObjectExpression',
  )
  const heirsOf = ({ id }) =>
    tables.filter(({ init }) => init.properties.some(({ argument }) => argument?.name === id.name))
  const asked = new Set(
    nodes
      .filter(({ type }) => type === 'MemberExpression')
      .map(({ object, property }) => `${object.name}.${property.name}`),
  )
  const places = tables
    .map((table) => [table, heirsOf(table)])
    .filter(([, heirs]) => heirs.length === 1)
    .map(([table, [heir]]) =>
      without(
        code,
        table.init,
        ({ key }) =>
          key && heir.init.properties.some(named(key.name)) && !asked.has(`${table.id.name}.${key.name}`),
      ),
    )
  if (places.length < 3) throw new Error('marked makes its rules in another way now.')
  return replaced(code, places)
}

/** Takes out the ways into the lexer that we do not go. */
function dropEntrances(code, tree) {
  const entrances = [...nodesOf(tree)].filter(
    ({ type, key }) => type === 'MethodDefinition' && ['lex', 'lexInline', 'rules'].includes(key.name),
  )
  if (entrances.length < 4) throw new Error('marked has other ways in now.')
  return replaced(
    code,
    entrances.map((each) => ({ ...each, by: '' })),
  )
}

/** Nobody reads what the lexer says when it throws: its text is then shown as it came. */
function dropMessages(code, tree) {
  const messages = [...nodesOf(tree)].filter(
    ({ type, value }) => type === 'Literal' && String(value).startsWith('Infinite loop'),
  )
  if (messages.length === 0) throw new Error('marked throws in another way now.')
  return replaced(
    code,
    messages.map((each) => ({ ...each, by: '""' })),
  )
}

/** Takes those patterns out of the table of shared ones that nobody names, and gives the others short names: no minifier may. */
function shortenPatterns(code, tree) {
  const nodes = [...nodesOf(tree)]
  const table = nodes.find(
    ({ type, init }) => type === 'VariableDeclarator' && init?.properties?.some(named('codeRemoveIndent')),
  )
  if (!table) throw new Error('marked keeps its patterns somewhere else now.')
  const isTable = ({ name, property }) => name === table.id.name || property?.name === 'other'
  const uses = nodes.filter(({ type, object }) => type === 'MemberExpression' && isTable(object))
  const names = [...new Set(uses.map(({ property }) => property.name))]
  const short = (name) => `p${names.indexOf(name).toString(36)}`
  const kept = table.init.properties
    .filter(({ key }) => names.includes(key.name))
    .map(({ key, value }) => `${short(key.name)}:${code.slice(value.start, value.end)}`)
  if (kept.length !== names.length) throw new Error('marked names a pattern that is not in its table.')
  return replaced(code, [
    ...uses
      .map(({ property }) => ({ ...property, by: short(property.name) }))
      .filter(({ start }) => start < table.init.start || start > table.init.end),
    { ...table.init, by: `{${kept.join()}}` },
  ])
}

/** Takes out what nothing refers to, until nothing like that is left. Everything at the top of marked only makes something. */
function dropUnused(code, parse) {
  const tree = parse(code)
  const counts = new Map()
  for (const { type, name } of nodesOf(tree))
    if (type === 'Identifier') counts.set(name, (counts.get(name) ?? 0) + 1)
  const isUnused = ({ id }) => counts.get(id?.name) === 1
  const places = tree.body.flatMap((node) => {
    if (node.type === 'FunctionDeclaration') return isUnused(node) ? [{ ...node, by: '' }] : []
    if (node.type === 'ExpressionStatement') return [{ ...node, by: '' }]
    if (node.type !== 'VariableDeclaration' || !node.declarations.some(isUnused)) return []
    const kept = node.declarations
      .filter((each) => !isUnused(each))
      .map(({ start, end }) => code.slice(start, end))
    return [{ ...node, by: kept.length > 0 ? `${node.kind} ${kept.join()};` : '' }]
  })
  return places.length > 0 ? dropUnused(replaced(code, places), parse) : code
}

const named =
  (name) =>
  ({ key }) =>
    key?.name === name

function without(code, { start, end, properties }, isDropped) {
  const kept = properties.filter((each) => !isDropped(each)).map((each) => code.slice(each.start, each.end))
  return { start, end, by: `{${kept.join()}}` }
}
