import type { ServerResponse } from 'node:http'
import type { Logger, Meter, Span, Tracer } from '../../../domain/ports/index.js'

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

/** Answers a request in a span of its own, and tells when it has ended how it went: one line, one count, how long it took. */
export function observeRequest(
  observers: Observers,
  response: ServerResponse,
  record: RequestRecord,
  answer: () => Promise<void>,
): Promise<void> {
  const began = performance.now()
  response.once('close', () => tell(observers, response, record, performance.now() - began))
  const { requestId, method, route } = record
  return observers.tracer.span('request', { requestId, method, route }, async (span) => {
    await answer()
    describe(span, response, record)
  })
}

function tell(
  { logger, meter }: Observers,
  { statusCode }: ServerResponse,
  record: RequestRecord,
  ms: number,
): void {
  const { method, route } = record
  const durationMs = Math.round(ms)
  meter.add('http_requests', { method, route, status: `${Math.floor(statusCode / 100)}xx` })
  meter.observe('http_request', { method, route }, durationMs)
  logger.info('answered', { ...record, status: statusCode, durationMs })
}

function describe(span: Span, { statusCode }: ServerResponse, { tenantId, runId }: RequestRecord): void {
  span.set({
    status: statusCode,
    ...(tenantId !== undefined && { tenantId }),
    ...(runId !== undefined && { runId }),
  })
  if (statusCode >= 500) span.fail(String(statusCode))
}
