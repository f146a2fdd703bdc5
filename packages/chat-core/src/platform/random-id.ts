const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'
const LENGTH = 24

/**
 * `prefix_` and 24 characters of 36 (124 bits). `crypto.getRandomValues` and not `randomUUID`, because the latter is
 * missing on pages served over plain http.
 */
export function randomId(prefix: string): string {
  let id = `${prefix}_`
  while (id.length < prefix.length + 1 + LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      // 252 is the largest multiple of 36 in a byte; above it the letters would not be equally likely.
      if (byte < 252 && id.length < prefix.length + 1 + LENGTH) id += ALPHABET.charAt(byte % 36)
    }
  }
  return id
}
