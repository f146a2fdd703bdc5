import { createLocalJWKSet, type JWK, type LocalJWKSet } from 'jose'

/** Most keys that are taken from one set. */
const MOST_KEYS = 100
/** Letters of base64url of a modulus of 2048 bits. Shorter ones can be factored. */
const SHORTEST_MODULUS = 342

/** The public keys for signatures in a published set. @throws Error when the text is no key set, or has no such key */
export function parseKeySet(text: string): LocalJWKSet {
  const value: unknown = JSON.parse(text)
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : null
  if (!Array.isArray(keys)) throw new Error('No key set.')
  const usable = keys.slice(0, MOST_KEYS).filter(isUsable)
  if (usable.length === 0) throw new Error('No usable key in the set.')
  return createLocalJWKSet({ keys: usable })
}

/**
 * A secret that somebody published by mistake, on its own or within a private key, must verify nothing: whoever can read the
 * set could sign with it.
 */
function isUsable(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null || 'd' in key || 'k' in key) return false
  const { kty, n } = key as JWK // every field is looked at before it is used
  return kty === 'EC' || kty === 'OKP' || (kty === 'RSA' && (n?.length ?? 0) >= SHORTEST_MODULUS)
}
