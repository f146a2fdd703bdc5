/**
 * What stands in `css` and `html` templates is text, which no minifier touches. Takes out of it what neither a style sheet nor a
 * view sees: comments and blanks.
 */
export const squeezeTemplates = {
  name: 'squeeze-templates',
  transform(code, id) {
    if (!/\b(css|html)\s*`|LAUNCHER_CSS|LOADER_CSS/.test(code) || id.includes('node_modules')) return null
    let squeezed = code
    // From the end on, so that places before stay true.
    for (const { start, end, squeeze } of templatesIn(this.parse(code)).toSorted((a, b) => b.start - a.start))
      squeezed = squeezed.slice(0, start) + squeeze(squeezed.slice(start, end)) + squeezed.slice(end)
    return { code: squeezed, map: null }
  },
}

/** The pieces of text of every template below `node`, with what makes them shorter. */
function templatesIn(node) {
  if (Array.isArray(node)) return node.flatMap(templatesIn)
  if (!node || typeof node.type !== 'string') return []
  const inside = Object.values(node).flatMap((child) =>
    child && typeof child === 'object' ? templatesIn(child) : [],
  )
  const squeeze = squeezers[nameOf(node)]
  const quasis = squeeze ? (node.quasi ?? node.init).quasis : []
  return [...inside, ...quasis.map(({ start, end }) => ({ start, end, squeeze }))]
}

/** By which of the names below a template goes: that of its tag, or of the constant that holds it. */
function nameOf({ type, tag, id, init }) {
  if (type === 'TaggedTemplateExpression') return tag.name
  return type === 'VariableDeclarator' && init?.type === 'TemplateLiteral' ? id.name : undefined
}

/** In values and conditions, blanks around `+`, `-` and `*` stay: what is a sum is not looked at. */
export const squeezeCss = (css) =>
  css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>/]) ?/g, '$1')
    .replace(/ (?=[!)])|(?<=[:(]) /g, '')
    .replace(/(?<![\d.])0(?=\.\d)/g, '')
    .replace(/(?<==)'([a-z]+)'(?=\])/g, '$1')
    .replace(/@media (?=\()/g, '@media')
    .replace(/[^{};]+(?=\{)/g, (head) => (isRule(head) ? head : head.replace(/ ([+~]) /g, '$1')))
    .replace(/;}/g, '}')

/** A condition, in which sums may stand, and no selectors. */
const isRule = (head) => head.trimStart().startsWith('@')

// A line's end keeps its place: a view drops the blanks around it, and only those.
const squeezers = {
  css: squeezeCss,
  LAUNCHER_CSS: squeezeCss,
  LOADER_CSS: squeezeCss,
  html: (text) => text.replace(/\s*\n\s*/g, '\n'),
}
