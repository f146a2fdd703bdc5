import { dropUnreached, dropUnused, mergeQuestions } from './shorten-code.mjs'
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
 * options: what those never reach is taken out. Its behaviour stays, but for references to characters (`lexer-alone.test.mjs`).
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
    leaveReferences,
    (text) => dropUnreached(text, parse),
    mergeQuestions,
    nameRules,
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

/** Takes out the ways into the lexer that we do not go, and what only says that it has a field. */
function dropEntrances(code, tree) {
  const nodes = [...nodesOf(tree)]
  const textOf = ({ start, end }) => code.slice(start, end)
  const entrances = nodes.filter(
    ({ type, key }) => type === 'MethodDefinition' && ['lex', 'lexInline', 'rules'].includes(key.name),
  )
  if (entrances.length < 4) throw new Error('marked has other ways in now.')
  const fields = nodes.filter(({ type, value }) => type === 'PropertyDefinition' && !value)
  const itself = nodes.filter(
    ({ type, left, right }) => type === 'AssignmentExpression' && textOf(left) === textOf(right),
  )
  return replaced(code, [
    ...[...entrances, ...fields].map((each) => ({ ...each, by: '' })),
    ...itself.map((each) => ({ ...each, by: '0' })),
  ])
}

/** Nobody reads what the lexer says when it throws: its text is then shown as it came. And it need say it at the loop's beginning alone. */
function dropMessages(code, tree) {
  const isMethod = ({ type, key }) => type === 'MethodDefinition' && key.name === 'infiniteLoopError'
  const isCall = (node) => node?.body?.[0]?.expression?.callee?.property?.name === 'infiniteLoopError'
  const nodes = [...nodesOf(tree)]
  const atBeginning = nodes.filter(({ alternate }) => isCall(alternate)).map(({ alternate }) => alternate)
  const atEnd = nodes.filter(({ type, consequent }) => type === 'IfStatement' && isCall(consequent))
  if (atBeginning.length !== 2 || atEnd.length !== 2) throw new Error('marked throws in another way now.')
  return replaced(code, [
    ...atBeginning.map((each) => ({ ...each, by: '{throw Error()}' })),
    ...[...atEnd, ...nodes.filter(isMethod)].map((each) => ({ ...each, by: '' })),
  ])
}

/** Whatever shows text resolves the character references in it, numeric ones among them: `src/markdown/entities.ts`. */
function leaveReferences(code, tree) {
  const nodes = [...nodesOf(tree)]
  const method = nodes.find(({ type, key }) => type === 'MethodDefinition' && key.name === 'inlineText')
  const calls = [...nodesOf(method)].filter(({ callee }) => callee?.type === 'Identifier')
  if (calls.length !== 1) throw new Error('marked resolves references somewhere else now.')
  return replaced(
    code,
    calls.map((call) => ({ ...call, by: code.slice(call.arguments[0].start, call.arguments[0].end) })),
  )
}

/** The tables of rules are always the same: each is asked directly, where it would first be looked for in the tokenizer. */
function nameRules(code, tree) {
  const nodes = [...nodesOf(tree)]
  const textOf = ({ start, end }) => code.slice(start, end)
  const choices = nodes.filter(({ type, left }) => type === 'AssignmentExpression' && namesTable(left))
  const tableOf = (kind) => choices.findLast(({ left }) => left.property.name === kind)?.right
  const chosen = new Set(choices.map(({ left }) => left))
  const uses = nodes.filter((node) => namesTable(node) && !chosen.has(node))
  const choosing = nodes.find(({ type, body }) => type === 'BlockStatement' && body.some(isChoice))
  const first = choosing?.body.find(isChoice)
  const before = tree.body.find((node) => [...nodesOf(node)].some(({ type }) => type === 'ClassExpression'))
  const other = first?.declarations[0].init.properties.find(named('other'))?.value
  const tables = { block: tableOf('block'), inline: tableOf('inline'), other }
  if (uses.length < 50 || !before || Object.values(tables).some((table) => !table))
    throw new Error('marked asks for its rules in another way now.')
  const names = Object.entries(tables).map(([kind, table]) => `${kind}Rules=${textOf(table)}`)
  return replaced(code, [
    ...uses.map((node) => ({ ...node, by: `${node.property.name}Rules` })),
    { start: first.start, end: choosing.body.at(-1).end, by: '' },
    { start: before.start, end: before.start, by: `const ${names.join()};` },
  ])
}

/** In the tokenizer, or where it gives its rules to a helper. */
const namesTable = ({ type, object, property }) =>
  type === 'MemberExpression' &&
  /^(?:block|inline|other)$/.test(property.name) &&
  (object.type === 'Identifier' || object.property?.name === 'rules')

/** Where the lexer chooses them, at the end of its constructor. */
const isChoice = ({ declarations }) => declarations?.[0]?.init?.properties?.some(named('inline'))

/** Takes those patterns out of the table of shared ones that nobody names, and gives the others short names: no minifier may. */
function shortenPatterns(code, tree) {
  const nodes = [...nodesOf(tree)]
  const table = nodes.find(
    ({ type, init }) => type === 'VariableDeclarator' && init?.properties?.some(named('codeRemoveIndent')),
  )
  if (!table) throw new Error('marked keeps its patterns somewhere else now.')
  const isTable = ({ name, property }) =>
    name === table.id.name || name === 'otherRules' || property?.name === 'other'
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

const named =
  (name) =>
  ({ key }) =>
    key?.name === name

function without(code, { start, end, properties }, isDropped) {
  const kept = properties.filter((each) => !isDropped(each)).map((each) => code.slice(each.start, each.end))
  return { start, end, by: `{${kept.join()}}` }
}
