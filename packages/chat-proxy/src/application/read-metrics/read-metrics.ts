import { DomainError } from '../../domain/errors.js'
import type { MetricsSource } from '../../domain/ports/index.js'

export interface ReadMetricsDeps {
  /** `null`: nothing is measured here. */
  readonly metrics: MetricsSource | null
}

/** What was measured, as a monitor reads it. */
export class ReadMetrics {
  readonly #deps: ReadMetricsDeps

  constructor(deps: ReadMetricsDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `route-not-found` */
  async execute(): Promise<{ readonly contentType: string; readonly text: string }> {
    const { metrics } = this.#deps
    if (!metrics) throw new DomainError('route-not-found', 'Nothing is measured here.')
    return { contentType: metrics.contentType, text: await metrics.read() }
  }
}
