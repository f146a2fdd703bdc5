import type { MarkedOptions } from 'marked'
import type { MathSyntax, MathToken } from '../../render-context.js'
import { mathAt, mathBlockAt } from './find-math.js'
import { openMathBlockAt, scanMath, type Scanned } from './scan-math.js'

/** For private use, so that no answer has them, and neither letters nor marks to whoever reads Markdown. Two, for neighbours. */
const HIDDEN = ['\uE000', '\uE001']
const ANY_HIDDEN = /\uE000+|\uE001+/g

/** The same text, of the same length, with every formula hidden that was found in it; and what was hidden. */
function hide(text: string, { formulas }: Scanned): { hidden: string; formulas: readonly string[] } {
  if (text.search(ANY_HIDDEN) >= 0) return { hidden: text, formulas: [] }
  let hidden = ''
  for (const [index, { at, raw }] of formulas.entries())
    hidden += text.slice(hidden.length, at) + (HIDDEN[index % 2] ?? '').repeat(raw.length)
  return { hidden: hidden + text.slice(hidden.length), formulas: formulas.map(({ raw }) => raw) }
}

/** Blocks that are formulas end a paragraph; here is where the first one may begin, behind the beginning. */
function startOfBlock(text: string): number | undefined {
  for (const { index } of text.matchAll(/\n {0,3}(?=\$\$|\\\[)/g))
    if (mathBlockAt(text.slice(index + 1))) return index + 1
  return undefined
}

function startOfFormula(text: string): number | undefined {
  const at = text.search(/\$|\\[([]/)
  return at < 0 ? undefined : at
}

/** The lexer asks at every mark; what stood before it is in the tokens. */
function formulaAt(text: string, tokens: readonly { readonly raw: string }[]): MathToken | undefined {
  const before = tokens.at(-1)?.raw.slice(-1) ?? ''
  const found = mathAt(before + text, before.length)
  return found ? { type: 'math', ...found } : undefined
}

function formulaBlockAt(text: string): MathToken | undefined {
  const found = mathBlockAt(text)
  return found ? { type: 'math', ...found } : undefined
}

// The lexer calls no other hook.
const hooks = { emStrongMask: (text: string) => hide(text, scanMath(text)).hidden } as NonNullable<
  MarkedOptions['hooks']
>

export const mathSyntax: MathSyntax = {
  options: {
    extensions: {
      renderers: {},
      childTokens: {},
      block: [formulaBlockAt],
      inline: [formulaAt],
      startBlock: [startOfBlock],
      startInline: [startOfFormula],
    },
    hooks,
  },
  openBlockAt: openMathBlockAt,
  hasBlockIn: (text) => startOfBlock(text) !== undefined,
  around(text, change) {
    const scanned = scanMath(text)
    const { hidden, formulas } = hide(text.slice(0, scanned.open ?? text.length), scanned)
    let index = 0
    const changed = change(hidden)
    return formulas.length === 0 ? changed : changed.replace(ANY_HIDDEN, () => formulas[index++] ?? '')
  },
}
