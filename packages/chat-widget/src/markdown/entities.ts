/** The named character references that occur in answers, each before its character; the lexer resolves numeric ones itself. */
const NAMED =
  'amp&lt<gt>quot"apos\'nbsp\u00a0ensp\u2002emsp\u2003thinsp\u2009zwnj\u200czwj\u200dshy\u00adcopy©' +
  'reg®trade™hellip…mdash—ndash–lsquo‘rsquo’ldquo“rdquo”laquo«raquo»bull•middot·times×divide÷' +
  'plusmn±minus−deg°microµpara¶sect§dagger†euro€pound£yen¥cent¢frac12½frac14¼frac34¾sup2²sup3³' +
  'larr←rarr→uarr↑darr↓harr↔rArr⇒le≤ge≥ne≠asymp≈infin∞radic√sum∑piπalphaαbetaβgammaγdeltaδlambdaλ' +
  'muμsigmaσomegaωcheck✓star☆hearts♥aumläoumlöuumlüAumlÄOumlÖUumlÜszligßeacuteéegraveèagraveà' +
  'ccedilçntildeñ'

const characters = new Map(
  Array.from(NAMED.matchAll(/(\w+)(\W)/g), ([, name = '', character = '']) => [name, character]),
)

const REFERENCE = /&(#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|\w{2,8});/g

/** Replaces character references; unknown ones stay as they are. Without the HTML parser, so nothing can run. */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, (whole, name: string) => decodeOne(whole, name)) : text
}

function decodeOne(whole: string, name: string): string {
  if (!name.startsWith('#')) return characters.get(name) ?? whole
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff)
  return isCharacter ? String.fromCodePoint(code) : '\ufffd'
}
