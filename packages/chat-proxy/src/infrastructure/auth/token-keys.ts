import { jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose'

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

const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512']

/** A secret that the issuer shares with us. jose compares signatures in constant time. */
export function secretKeys(secret: string): TokenKeys {
  const key = new TextEncoder().encode(secret)
  return {
    async verify(token, options) {
      const { payload } = await jwtVerify(token, key, { ...options, algorithms: SECRET_ALGORITHMS })
      return { claims: payload, version: 0 }
    },
    version: () => 0,
  }
}
