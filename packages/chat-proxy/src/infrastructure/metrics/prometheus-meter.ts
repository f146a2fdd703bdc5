import { collectDefaultMetrics, Counter, Gauge as PrometheusGauge, Histogram, Registry } from 'prom-client'
import type {
  Counts,
  Durations,
  Gauge,
  Meter,
  MetricsSource,
  ProviderGauge,
  ProviderLabels,
} from '../../domain/ports/meter.js'
import { COUNTS, DURATIONS, GAUGES, type Definition } from './definitions.js'
import { zerosOf } from './zeros.js'

/** Values that get a series of their own. Whatever else stands in a label becomes `other`, so that no caller can make series. */
export interface KnownLabels {
  readonly providers: readonly string[]
  readonly models: readonly string[]
  readonly tenants: readonly string[]
}

const PREFIX = 'colloquy_'
const OTHER = 'other'
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])

/** Keeps the numbers of this process for Prometheus, with those of Node.js beside them. */
export class PrometheusMeter implements Meter, MetricsSource {
  readonly #registry = new Registry()
  readonly #gauges: ReadonlyMap<string, PrometheusGauge>
  readonly #counters: ReadonlyMap<string, Counter>
  readonly #histograms: ReadonlyMap<string, Histogram>
  readonly #known: ReadonlyMap<string, ReadonlySet<string>>

  constructor({ providers, models, tenants }: KnownLabels) {
    collectDefaultMetrics({ register: this.#registry })
    const optionsOf = ({ name, help, labels }: Definition) => ({
      name: PREFIX + name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
    })
    this.#gauges = mapped(GAUGES, (gauge) => new PrometheusGauge(optionsOf(gauge)))
    this.#counters = mapped(COUNTS, (count) => new Counter(optionsOf(count)))
    this.#histograms = mapped(
      DURATIONS,
      (duration) => new Histogram({ ...optionsOf(duration), buckets: [...duration.buckets] }),
    )
    this.#known = new Map([
      ['provider', new Set(providers)],
      ['model', new Set(models)],
      ['tenant', new Set(tenants)],
      ['method', METHODS],
    ])
    for (const [count, of] of zerosOf([...tenants, OTHER]))
      this.#counters.get(count)?.inc(this.#bounded(of), 0)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  read(): Promise<string> {
    return this.#registry.metrics()
  }

  set(gauge: Gauge | ProviderGauge, value: number, of: Partial<ProviderLabels> = {}): void {
    this.#gauges.get(gauge)?.set(this.#bounded(of), value)
  }

  add<K extends keyof Counts>(count: K, of: Counts[K], by = 1): void {
    this.#counters.get(count)?.inc(this.#bounded(of), by)
  }

  observe<K extends keyof Durations>(duration: K, of: Durations[K], ms: number): void {
    // A clock that was set back is no reason to have waited less than nothing.
    this.#histograms.get(duration)?.observe(this.#bounded(of), Math.max(0, ms) / 1000)
  }

  #bounded(labels: object): Record<string, string> {
    return Object.fromEntries(
      Object.entries(labels).map(([name, value]) => {
        const known = this.#known.get(name)
        const text = String(value)
        return [name, known && !known.has(text) ? OTHER : text]
      }),
    )
  }
}

const mapped = <T, Made>(
  all: Readonly<Record<string, T>>,
  make: (definition: T) => Made,
): ReadonlyMap<string, Made> =>
  new Map(Object.entries(all).map(([key, definition]) => [key, make(definition)]))
