/**
 * JSON from outside may say nothing that two readers understand differently, and nothing that a later step stumbles over. The
 * language allows both, so this stands behind its parser.
 *
 * - `repeated-name`: an object, at any depth, has a name twice. Parsers differ in which of the two they take, so a signer and a
 *   verifier, or a guard and a store, could read different things.
 * - `prototype`: a name is `__proto__`. Copying such an object with care is possible; forgetting to is easy.
 * - `unstorable-text`: a string, or a name, has U+0000, which PostgreSQL refuses, or half of a surrogate pair, which UTF-8 does not
 *   have. What one store keeps another changes or drops, and two strings that differ could become one.
 * - `too-deep`: what walks a value by calling itself, as writing JSON does, ends at some depth with the process's stack.
 */
export type JsonProblem = 'repeated-name' | 'prototype' | 'unstorable-text' | 'too-deep'

/** Objects and lists inside each other. Schemas of tools are the deepest thing that anybody sends, with a tenth of it. */
export const DEEPEST = 100

const FORBIDDEN = '__proto__'
// With the flag `u` a surrogate matches only where it is not half of a pair.
const UNSTORABLE = /\0|\p{Surrogate}/u
/** What an escape that spells such a character begins with; ordinary text has none. */
const PERHAPS_UNSTORABLE = /\\u(?:0000|d[89a-f])/i

/** Whether every technology here gives the text back as it is. */
export const isStorable = (text: string): boolean => !UNSTORABLE.test(text)

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]

/** @param json text that the language's parser has taken. One pass; strings are skipped, not read, unless they are names or suspect */
export function problemOfText(json: string): JsonProblem | null {
  /** The names of every object that is open; `null` for a list. */
  const open: (Set<string> | null)[] = []
  const suspect = !isStorable(json) || PERHAPS_UNSTORABLE.test(json)
  let [lastFrom, lastTo] = [0, 0]
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at)
    if (sign === QUOTE) {
      lastFrom = at
      at = endOfString(json, at)
      lastTo = at + 1
      if (suspect && !isStorable(textOf(json.slice(lastFrom, lastTo)))) return 'unstorable-text'
    } else if (sign === OPEN_OBJECT || sign === OPEN_LIST) {
      if (open.length === DEEPEST) return 'too-deep'
      open.push(sign === OPEN_OBJECT ? new Set() : null)
    } else if (sign === CLOSE_OBJECT || sign === CLOSE_LIST) open.pop()
    else if (sign === COLON) {
      const problem = problemOfName(json.slice(lastFrom, lastTo), open.at(-1))
      if (problem) return problem
    }
  }
  return null
}

/** Where the string that begins at `from` has its closing quote. */
function endOfString(json: string, from: number): number {
  let end = json.indexOf('"', from + 1)
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1)
  return end
}

/** An odd number of backslashes before it. */
function isEscaped(json: string, at: number): boolean {
  let first = at
  while (json.charCodeAt(first - 1) === BACKSLASH) first -= 1
  return (at - first) % 2 === 1
}

/** @param literal a string in JSON, with its quotes. Escapes are undone, since "\u0061" is "a" */
const textOf = (literal: string): string =>
  // A string in JSON is parsed to a string.
  literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1)

function problemOfName(literal: string, names: Set<string> | null | undefined): JsonProblem | null {
  const name = textOf(literal)
  if (name === FORBIDDEN) return 'prototype'
  if (names?.has(name)) return 'repeated-name'
  names?.add(name)
  return null
}

/** The same for a value that somebody else has parsed. Whether a name stood twice can no longer be seen. */
export function problemOfValue(value: unknown): Exclude<JsonProblem, 'repeated-name'> | null {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (level.some((one) => typeof one === 'string' && !isStorable(one))) return 'unstorable-text'
    const objects = level.filter((one) => typeof one === 'object' && one !== null)
    if (objects.length > 0 && depth === DEEPEST) return 'too-deep'
    const names = objects.flatMap((one) => (Array.isArray(one) ? [] : Object.keys(one)))
    if (names.includes(FORBIDDEN)) return 'prototype'
    if (!names.every(isStorable)) return 'unstorable-text'
    level = objects.flatMap((one) => Object.values(one) as unknown[])
  }
  return null
}
