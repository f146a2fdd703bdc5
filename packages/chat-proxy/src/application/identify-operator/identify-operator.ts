import { DomainError } from '../../domain/errors.js'
import type { Logger, OperatorProof } from '../../domain/ports/index.js'

export interface IdentifyOperatorDeps {
  readonly operator: OperatorProof
  readonly logger: Logger
}

/** Whether it is the operator who is calling. No role of any tenant is. */
export class IdentifyOperator {
  readonly #deps: IdentifyOperatorDeps

  constructor(deps: IdentifyOperatorDeps) {
    this.#deps = deps
  }

  /**
   * @param token what stands behind `Bearer`
   * @throws DomainError `route-not-found` where there is no operator, `not-authenticated` for anybody else
   */
  execute(token: string | null): void {
    const { operator, logger } = this.#deps
    if (!operator.isConfigured)
      throw new DomainError('route-not-found', 'The admin API is off. The operator can set ADMIN_TOKEN.')
    if (token !== null && operator.isOperator(token)) return
    if (token !== null) logger.warn('somebody tried a wrong operator token')
    throw new DomainError('not-authenticated', 'Send ADMIN_TOKEN as "Authorization: Bearer <token>".')
  }
}
