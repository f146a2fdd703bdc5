/**
 * `prefix_` and 28 letters and digits that hold 128 random bits. `crypto.getRandomValues` and not `randomUUID`, because the
 * latter is missing on pages served over plain http.
 */
export function randomId(prefix: string): string {
  const parts = crypto.getRandomValues(new Uint32Array(4))
  return `${prefix}_${Array.from(parts, (part) => part.toString(36).padStart(7, '0')).join('')}`
}
