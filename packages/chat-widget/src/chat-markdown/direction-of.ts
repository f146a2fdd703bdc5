/** Letters of the scripts that go from right to left: Hebrew, Arabic and their neighbours. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff]/

/** So many letters tell the language of an answer: one that begins with a name in other letters still goes its own way. */
const LETTERS = 500
/** Letters are looked for in so much of it, in UTF-16 code units. */
const LOOKED_AT = 2_000

/** Where an answer's lines begin: as most of its first letters say. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const letters = (text.slice(0, LOOKED_AT).match(/\p{L}/gu) ?? []).slice(0, LETTERS)
  const fromTheRight = letters.filter((letter) => RIGHT_TO_LEFT.test(letter))
  return fromTheRight.length * 2 > letters.length ? 'rtl' : 'ltr'
}
