import { jwtVerify, type CryptoKey, type JWTPayload, type JWTVerifyOptions } from 'jose'

/** The part of a check that does not depend on the keys. The keys say which algorithms count. */
export type CheckOptions = Omit<JWTVerifyOptions, 'algorithms'>

export interface VerifiedClaims {
  readonly claims: JWTPayload
  readonly version: number
}

/** What tokens of one issuer are verified with. */
export interface TokenKeys {
  /**
   * @returns the verified claims, and the version of the keys that verified them
   * @throws errors.JOSEError for a token that is not good · DomainError `identity-unavailable` when the keys cannot be had
   */
  verify(token: string, options: CheckOptions): Promise<VerifiedClaims>
  /** Changes whenever a token that was found good has to be looked at again. */
  version(): number
}

const HASHES: Readonly<Record<string, string>> = { HS256: 'SHA-256', HS384: 'SHA-384', HS512: 'SHA-512' }

/** A secret that the issuer shares with us. jose compares signatures in constant time. */
export function secretKeys(secret: string): TokenKeys {
  const bytes = new TextEncoder().encode(secret)
  // Made once for each algorithm: as bytes it would be imported for every token.
  const keys = new Map<string, Promise<CryptoKey>>()
  const keyFor = ({ alg = '' }: { alg?: string }): Promise<CryptoKey> => {
    const key = keys.get(alg) ?? importSecret(bytes, alg)
    keys.set(alg, key)
    return key
  }
  return {
    async verify(token, options) {
      const { payload } = await jwtVerify(token, keyFor, { ...options, algorithms: Object.keys(HASHES) })
      return { claims: payload, version: 0 }
    },
    version: () => 0,
  }
}

/** jose asks for no key of an algorithm that is not allowed. */
const importSecret = (bytes: Uint8Array<ArrayBuffer>, alg: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: HASHES[alg] ?? '' }, false, ['verify'])
