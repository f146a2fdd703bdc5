import { DomainError } from '../../domain/errors.js'
import type { Logger, OperatorProof } from '../../domain/ports/index.js'

export interface IdentifyMonitorDeps {
  /** By METRICS_TOKEN. */
  readonly monitor: OperatorProof
  readonly logger: Logger
}

/** Whether it is the monitor who comes to read what was measured. */
export class IdentifyMonitor {
  readonly #deps: IdentifyMonitorDeps

  constructor(deps: IdentifyMonitorDeps) {
    this.#deps = deps
  }

  /**
   * @param token what stands behind `Bearer`
   * @throws DomainError `route-not-found` where nothing is to be read here, `not-authenticated` for anybody else
   */
  execute(token: string | null): void {
    const { monitor, logger } = this.#deps
    if (!monitor.isConfigured)
      throw new DomainError('route-not-found', 'Metrics are not here. The operator can set METRICS_TOKEN.')
    if (token !== null && monitor.isOperator(token)) return
    if (token !== null) logger.warn('somebody tried a wrong metrics token')
    throw new DomainError('not-authenticated', 'Send METRICS_TOKEN as "Authorization: Bearer <token>".')
  }
}
