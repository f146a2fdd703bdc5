import { createHash, timingSafeEqual } from 'node:crypto'
import type { OperatorProof } from '../../domain/ports/operator-proof.js'

/** Compares digests: they have one length, and how much of a secret is right cannot be told from the time it takes. */
export class SecretOperatorProof implements OperatorProof {
  readonly #digest: Buffer | null

  /** @param secret `null`: nobody is the operator */
  constructor(secret: string | null) {
    this.#digest = secret === null ? null : digestOf(secret)
  }

  get isConfigured(): boolean {
    return this.#digest !== null
  }

  isOperator(token: string): boolean {
    return this.#digest !== null && timingSafeEqual(this.#digest, digestOf(token))
  }
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()
