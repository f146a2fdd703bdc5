import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import type { OutboundResponse } from '../../outbound/outbound-door.js'
import type { OutboundRequest } from '../../outbound/outbound-request.js'
import { OutboundError } from '../../outbound/outbound-error.js'

export const ISSUER = 'https://sso.example.com/realms/shop'
export const AUDIENCE = 'chat'

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  /** As it stands in the published set. */
  readonly jwk: JWK
}

export async function newKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export const signWith = (
  { privateKey, alg, kid }: SigningKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT', ...header }).sign(privateKey)

/** A door behind which an issuer publishes its keys. What it answers can be changed at any time. */
export class IssuerDoor {
  readonly requests: OutboundRequest[] = []
  /** The body of the set; `null`: the issuer is away. */
  text: string | null = null
  status = 200
  /** Until it is called, answers wait. */
  release: (() => void) | null = null

  publish(...keys: readonly Pick<SigningKey, 'jwk'>[]): void {
    this.text = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })
  }

  /** Lets answers wait until `release` is called. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.release = resolve
    })
  }

  #held: Promise<void> = Promise.resolve()

  async get(request: OutboundRequest): Promise<OutboundResponse> {
    this.requests.push(request)
    await this.#held
    if (this.text === null) throw new OutboundError('unreachable')
    return { status: this.status, body: Buffer.from(this.text) }
  }
}
