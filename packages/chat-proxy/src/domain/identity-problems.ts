import type { IdentityKeys, IdentitySettings } from './identity.js'

/** `iss` of the tokens that the proxy signs itself; no other issuer may have it. */
export const SESSION_ISSUER = 'colloquy'

const SHORTEST_SECRET = 32

/** What a setting is called where it is set, for the messages about it. */
export interface IdentityNames {
  readonly secret: string
  readonly url: string
  readonly issuer: string
  readonly audiences: string
}

const FIELDS: IdentityNames = {
  secret: 'keys.secret',
  url: 'keys.url',
  issuer: 'issuer',
  audiences: 'audiences',
}

/** What makes settings unsafe or useless, one line each; empty when they are good. No value is quoted. */
export function identityProblems(
  { keys, issuer, audiences }: IdentitySettings,
  names: IdentityNames = FIELDS,
): readonly string[] {
  const problems = [...keyProblems(keys, names)]
  if (issuer === '' || issuer === SESSION_ISSUER)
    problems.push(`${names.issuer}: must be the "iss" of the tokens, and not "${SESSION_ISSUER}"`)
  if (audiences.length === 0 || audiences.includes(''))
    problems.push(
      `${names.audiences}: must name at least one "aud" of the tokens that are meant for this chat`,
    )
  return problems
}

function keyProblems(keys: IdentityKeys, names: IdentityNames): readonly string[] {
  if (keys.kind === 'secret') return secretProblems(keys.secret, names.secret)
  const protocol = URL.parse(keys.url)?.protocol
  if (protocol === 'https:' || (protocol === 'http:' && keys.namedBy === 'operator')) return []
  return [`${names.url}: must be an https URL${keys.namedBy === 'operator' ? ', or an http one' : ''}`]
}

function secretProblems(secret: string, name: string): readonly string[] {
  // Who knows the public key could sign with it.
  if (/-----BEGIN|"kty"/.test(secret))
    return [`${name}: must be a secret, and not a key in PEM or JSON; publish public keys as a JWKS instead`]
  if (new TextEncoder().encode(secret).length < SHORTEST_SECRET)
    return [`${name}: must be at least ${SHORTEST_SECRET} bytes long`]
  return []
}
