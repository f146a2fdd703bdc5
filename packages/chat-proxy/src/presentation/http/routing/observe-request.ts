import type { Logger, Meter, Span, Tracer } from '../../../domain/ports/index.js'
import type { Visit } from './visit.js'

/** What is told about a request; the last two once they are known. Never an address, a header or content. */
export interface RequestRecord {
  readonly requestId: string
  readonly method: string
  /** Pattern of the route table. */
  readonly route: string
  tenantId?: string
  runId?: string
}

export interface Observers {
  readonly logger: Logger
  readonly meter: Meter
  readonly tracer: Tracer
}

/**
 * Answers a request in a span of its own, and tells when it has ended how it went: one line, one count, how long it took. What an
 * open stream does not need must not stay for as long as it is open, so nothing is awaited here, and whatever stays is made apart
 * from `answer`.
 */
export function observeRequest(
  observers: Observers,
  visit: Visit,
  record: RequestRecord,
  answer: () => Promise<void>,
): Promise<void> {
  visit.onOver(tellerOf(observers, visit, record))
  const { requestId, method, route } = record
  return observers.tracer.span('request', { requestId, method, route }, (span) =>
    answer().then(describerOf(span, visit, record)),
  )
}

function tellerOf({ logger, meter }: Observers, visit: Visit, record: RequestRecord): () => void {
  const began = performance.now()
  return () => {
    const { method, route } = record
    const { status } = visit
    const durationMs = Math.round(performance.now() - began)
    meter.add('http_requests', { method, route, status: `${Math.floor(status / 100)}xx` })
    meter.observe('http_request', { method, route }, durationMs)
    logger.info('answered', { ...record, status, durationMs })
  }
}

const describerOf =
  (span: Span, visit: Visit, record: RequestRecord): (() => void) =>
  () => {
    const { status } = visit
    const { tenantId, runId } = record
    span.set({
      status,
      ...(tenantId !== undefined && { tenantId }),
      ...(runId !== undefined && { runId }),
    })
    if (status >= 500) span.fail(String(status))
  }
