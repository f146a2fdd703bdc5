/** Knows the operator of the installation by a secret. */
export interface OperatorProof {
  /** False: there is no secret, so nobody is the operator. */
  readonly isConfigured: boolean
  /** Takes the same time whatever is wrong with the token. */
  isOperator(token: string): boolean
}
