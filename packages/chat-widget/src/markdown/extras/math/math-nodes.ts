import temml from 'temml'
import { safeAttribute } from './math-attributes.js'

const MATHML = 'http://www.w3.org/1998/Math/MathML'

const ELEMENTS = new Set(
  (
    'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts ' +
    'mtable mtr mtd mphantom mpadded mstyle menclose'
  ).split(' '),
)

/** Classes of the library that we have a rule for, in our words. */
const CLASSES: Readonly<Record<string, string>> = {
  'tml-left': 'math-left',
  'tml-right': 'math-right',
  'tml-overline': 'math-over',
  'tml-underline': 'math-under',
  'tml-fbox': 'math-box',
}

/** What the library makes of TeX, as far as it is looked at: elements, and text without a type. */
interface Made {
  readonly type?: unknown
  readonly text?: unknown
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly classes?: readonly unknown[]
  readonly style?: Readonly<Record<string, unknown>>
  readonly children?: readonly Made[]
}

/** Its types, read as CommonJS, are those of a namespace around it. */
const library = temml as unknown as (typeof temml)['default']

/** How far macros may unfold. */
const EXPANSIONS = 1_000
/** Lengths that TeX asks for, in em: inside a line, and for rules. */
const LENGTHS: [number, number] = [20, 20]

/**
 * MathML of TeX. Only elements, attributes and classes of the lists are made, each by name: no link, no style, nothing that could be fetched.
 * @throws Error where `tex` is none
 */
export function mathNodes(tex: string, display: boolean): Element {
  // Each formula stands alone: what one defines, no other has.
  const made: Made = library.__renderToMathMLTree(tex, {
    displayMode: display,
    throwOnError: true,
    trust: false,
    maxExpand: EXPANSIONS,
    maxSize: LENGTHS,
  })
  const math = document.createElementNS(MATHML, 'math')
  if (display) math.setAttribute('display', 'block')
  appendNodes(math, made.type === 'math' ? (made.children ?? []) : [made])
  return math
}

function appendNodes(parent: Element, children: readonly Made[]): void {
  for (const child of children) {
    const { type, text } = child
    if (typeof type === 'string' && ELEMENTS.has(type)) parent.append(nodeOf(type, child))
    else if (typeof text === 'string') parent.append(text)
    else appendNodes(parent, child.children ?? [])
  }
}

function nodeOf(type: string, { attributes, classes, style, children }: Made): Element {
  const node = document.createElementNS(MATHML, type)
  for (const [name, value] of Object.entries(attributes ?? {})) {
    const safe = safeAttribute(name, value)
    if (safe !== null) node.setAttribute(name, safe)
  }
  const names = [
    ...(classes ?? []).map((name) => CLASSES[String(name)]),
    ...linesOf(style ?? {}),
    ruleOf(type, attributes),
  ]
  const known = names.filter((name) => name !== undefined)
  if (known.length > 0) node.setAttribute('class', known.join(' '))
  appendNodes(node, children ?? [])
  return node
}

/** What a cell's style says, where a class of ours can say it. */
const linesOf = (style: Readonly<Record<string, unknown>>): (string | undefined)[] => [
  style['borderBottom'] ? 'math-line-below' : undefined,
  style['borderRight'] ? 'math-line-right' : undefined,
  /^0(?:em)?$/.test(String(style['paddingLeft'])) ? 'math-tight-left' : undefined,
  /^0(?:em)?$/.test(String(style['paddingRight'])) ? 'math-tight-right' : undefined,
]

const ruleOf = (type: string, attributes: Made['attributes']): string | undefined =>
  type === 'mspace' && attributes?.['mathbackground'] !== undefined ? 'math-rule' : undefined
