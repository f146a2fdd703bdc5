/**
 * JSON from outside may say nothing that two readers understand differently, and nothing that a later step stumbles over. The
 * language allows both, so this stands behind its parser.
 *
 * - `repeated-name`: an object, at any depth, has a name twice. Parsers differ in which of the two they take, so a signer and a
 *   verifier, or a guard and a store, could read different things.
 * - `prototype`: a name is `__proto__`. Copying such an object with care is possible; forgetting to is easy.
 * - `too-deep`: what walks a value by calling itself, as writing JSON does, ends at some depth with the process's stack.
 */
export type JsonProblem = 'repeated-name' | 'prototype' | 'too-deep'

/** Objects and lists inside each other. Schemas of tools are the deepest thing that anybody sends, with a tenth of it. */
export const DEEPEST = 100

const FORBIDDEN = '__proto__'
const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]

/** @param json text that the language's parser has taken. One pass; strings are skipped, not read, unless they are names */
export function problemOfText(json: string): JsonProblem | null {
  /** The names of every object that is open; `null` for a list. */
  const open: (Set<string> | null)[] = []
  let [lastFrom, lastTo] = [0, 0]
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at)
    if (sign === QUOTE) {
      lastFrom = at
      at = endOfString(json, at)
      lastTo = at + 1
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

function problemOfName(literal: string, names: Set<string> | null | undefined): JsonProblem | null {
  // A string in JSON. Escapes are undone, since "\u0061" is the name "a".
  const name = literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1)
  if (name === FORBIDDEN) return 'prototype'
  if (names?.has(name)) return 'repeated-name'
  names?.add(name)
  return null
}

/** The same for a value that somebody else has parsed. Whether a name stood twice can no longer be seen. */
export function problemOfValue(value: unknown): Exclude<JsonProblem, 'repeated-name'> | null {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const objects = level.filter((one) => typeof one === 'object' && one !== null)
    if (objects.length > 0 && depth === DEEPEST) return 'too-deep'
    if (objects.some((one) => Object.hasOwn(one, FORBIDDEN))) return 'prototype'
    level = objects.flatMap((one) => Object.values(one) as unknown[])
  }
  return null
}
