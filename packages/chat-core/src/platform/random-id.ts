/**
 * `prefix_` and 28 letters and digits that hold more than 128 random bits. `crypto.getRandomValues` and not `randomUUID`, because the
 * latter is missing on pages served over plain http.
 */
export function randomId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(28))
  return `${prefix}_${Array.from(bytes, (byte) => (byte % 36).toString(36)).join('')}`
}
