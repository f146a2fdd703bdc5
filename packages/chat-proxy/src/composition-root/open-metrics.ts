import type { Config } from '../config/config.js'
import { NO_METER, type Meter, type MetricsSource, type OperatorProof } from '../domain/ports/index.js'
import { SecretOperatorProof } from '../infrastructure/auth/secret-operator-proof.js'
import { PrometheusMeter } from '../infrastructure/metrics/prometheus-meter.js'

export interface Metrics {
  readonly meter: Meter
  /** `null`: nothing is measured, or somebody else reads it. */
  readonly source: MetricsSource | null
  /** Who may read it on the port of the chat. */
  readonly monitor: OperatorProof
}

/** @param given what takes the numbers instead of Prometheus */
export function openMetrics(
  { metrics, model, prices }: Pick<Config, 'metrics' | 'model' | 'prices'>,
  given: Meter | undefined,
): Metrics {
  const monitor = new SecretOperatorProof(metrics?.token ?? null)
  if (given || !metrics) return { meter: given ?? NO_METER, source: null, monitor }
  const providers = model.kind === 'chain' ? model.providers : [{ name: DEMO, model: DEMO }]
  const meter = new PrometheusMeter({
    providers: providers.map(({ name }) => name),
    models: [...providers.map((provider) => provider.model), ...prices.names],
    tenants: metrics.tenants,
  })
  return { meter, source: meter, monitor }
}

const DEMO = 'demo'
