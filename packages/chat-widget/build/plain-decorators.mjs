import { nodesOf, replaced } from './syntax.mjs'

/**
 * TypeScript calls decorators by a helper that is ready for every kind of them. Ours (`src/rendering/properties.ts`) decorate properties and give
 * nothing back: they are called at once, those that are the same for several properties in one loop.
 */
export const plainDecorators = {
  name: 'plain-decorators',
  transform(code, id) {
    if (id.includes('node_modules') || !code.includes('__decorate(')) return null
    return { code: decorated(code, this.parse(code)), map: null }
  },
}

function decorated(code, tree) {
  const textOf = ({ start, end }) => code.slice(start, end)
  const calls = [...nodesOf(tree)].filter(({ callee }) => callee?.name === '__decorate')
  const groups = Map.groupBy(calls, ({ arguments: [decorators, prototype] }) => {
    if (decorators.elements.length !== 1)
      throw new Error('Several decorators of one property are not looked for.')
    return `${textOf(decorators.elements[0])}(${textOf(prototype)}`
  })
  const places = [...groups].flatMap(([call, [first, ...others]]) => {
    const names = [first, ...others].map(({ arguments: [, , name] }) => textOf(name))
    const by =
      others.length > 0 ? `[${names.join()}].forEach((name) => ${call},name))` : `${call},${names[0]})`
    return [{ ...first, by }, ...others.map((other) => ({ ...other, by: '0' }))]
  })
  return replaced(code, places)
}
