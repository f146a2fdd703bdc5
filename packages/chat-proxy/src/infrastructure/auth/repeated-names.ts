/** A string, or a sign that opens, closes or separates. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/**
 * Whether an object in this JSON, at any depth, has a name twice. Parsers differ in which of them they take, so that a signer
 * and a verifier could read different claims from the same signed text.
 * @param json valid JSON
 */
export function hasRepeatedNames(json: string): boolean {
  /** The names of every object that is open; `null` for a list. */
  const open: (Set<string> | null)[] = []
  let last = ''
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      // A string in JSON. Escapes are undone, since "\u0061" is the name "a".
      const name = JSON.parse(last) as string
      const names = open.at(-1)
      if (names?.has(name)) return true
      names?.add(name)
    }
    last = token
  }
  return false
}
