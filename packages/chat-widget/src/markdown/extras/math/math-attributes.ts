const TRUE_OR_FALSE = /^(?:true|false)$/
/** A number, at most two digits before its point, with a unit that goes with the text. */
const LENGTH = /^-?\d{0,2}(?:\.\d+)?(?:em|ex|px|pt)?$/
/** At most three times as large as the text around. */
const SIZE = /^[0-2](?:\.\d+)?em$/

const VALUES: Readonly<Record<string, RegExp>> = {
  accent: TRUE_OR_FALSE,
  accentunder: TRUE_OR_FALSE,
  depth: LENGTH,
  displaystyle: TRUE_OR_FALSE,
  fence: TRUE_OR_FALSE,
  form: /^(?:prefix|infix|postfix)$/,
  height: LENGTH,
  largeop: TRUE_OR_FALSE,
  linethickness: LENGTH,
  lspace: LENGTH,
  mathsize: SIZE,
  mathvariant: /^normal$/,
  maxsize: LENGTH,
  minsize: LENGTH,
  movablelimits: TRUE_OR_FALSE,
  notation:
    /^(?:updiagonalstrike|downdiagonalstrike|horizontalstrike|box)(?: (?:updiagonalstrike|downdiagonalstrike))?$/,
  rspace: LENGTH,
  scriptlevel: /^[+-]?\d$/,
  separator: TRUE_OR_FALSE,
  stretchy: TRUE_OR_FALSE,
  symmetric: TRUE_OR_FALSE,
  voffset: LENGTH,
  width: LENGTH,
}

/** The value of a MathML attribute where a formula may have it, else null. */
export function safeAttribute(name: string, value: unknown): string | null {
  if (!Object.hasOwn(VALUES, name)) return null
  const text = String(value)
  return VALUES[name]?.test(text) ? text : null
}
