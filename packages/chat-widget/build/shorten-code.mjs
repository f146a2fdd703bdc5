import { nodesOf, replaced } from './syntax.mjs'

/** Takes out what stands behind a question whose answer is known, until there is none. */
export function dropUnreached(code, parse) {
  const textOf = ({ start, end }) => code.slice(start, end)
  const answers = { true: true, '!false': true, false: false, '!true': false }
  const answerOf = ({ test, left }) => answers[textOf(test ?? left).replace(/[()]/g, '')]
  const places = [...nodesOf(parse(code))].filter(
    (node) => QUESTIONS.test(node.type) && answerOf(node) !== undefined,
  )
  if (places.length === 0) return code
  const kept = (node) => {
    const isTrue = answerOf(node)
    if (node.type === 'LogicalExpression') return (node.operator === '&&') === isTrue ? node.right : node.left
    return isTrue ? node.consequent : node.alternate
  }
  // What stands within another one is looked at again.
  const outer = places.filter(
    (each) => !places.some(({ start, end }) => start < each.start && end >= each.end),
  )
  const replacements = outer.map((node) => {
    const by = kept(node) ? textOf(kept(node)) : ''
    return { ...node, by: node.type === 'IfStatement' ? by : `(${by})` }
  })
  return dropUnreached(replaced(code, replacements), parse)
}

const QUESTIONS = /^(?:IfStatement|ConditionalExpression|LogicalExpression)$/

/** Asks in one place what is asked several times in a row, with the same to do where an answer is yes. */
export function mergeQuestions(code, tree) {
  const textOf = ({ start, end }) => code.slice(start, end)
  const doneIn = ({ type, test, consequent, alternate }) =>
    type === 'IfStatement' &&
    test.right?.type === 'CallExpression' &&
    !alternate &&
    textOf(consequent).endsWith('continue}')
      ? textOf(test.left) + textOf(consequent)
      : null
  const lists = [...nodesOf(tree)].filter(({ type }) => type === 'BlockStatement').map(({ body }) => body)
  const runs = lists.flatMap((body) => runsOf(body, doneIn)).filter(({ length }) => length > 1)
  if (runs.length === 0) throw new Error('marked asks its tokenizer in another way now.')
  return replaced(
    code,
    runs.map((run) => {
      const [{ start, test, consequent }] = run
      const questions = run.map((each) => textOf(each.test.right)).join('||')
      return { start, end: run.at(-1).end, by: `if(${textOf(test.left)}=${questions})${textOf(consequent)}` }
    }),
  )
}

/** Neighbours of which `keyOf` says the same, where it says anything. */
function runsOf(nodes, keyOf) {
  const runs = []
  for (const [index, node] of nodes.entries()) {
    const key = keyOf(node)
    if (key === null) continue
    if (index > 0 && keyOf(nodes[index - 1]) === key) runs.at(-1).push(node)
    else runs.push([node])
  }
  return runs
}

/** Takes out what nothing refers to, until nothing like that is left. Everything at the top of marked only makes something. */
export function dropUnused(code, parse) {
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
