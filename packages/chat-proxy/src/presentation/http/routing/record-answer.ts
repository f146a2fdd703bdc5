import type { ServerResponse } from 'node:http'
import type { Logger, Meter } from '../../../domain/ports/index.js'

/**
 * One line and one count per answer when it has ended: what was asked, how it went, how long it took. Never an address or a
 * header.
 */
export function recordAnswer(
  { logger, meter }: { readonly logger: Logger; readonly meter: Meter },
  response: ServerResponse,
  request: { readonly requestId: string; readonly method: string; readonly route: string },
): void {
  const began = performance.now()
  response.once('close', () => {
    const durationMs = Math.round(performance.now() - began)
    const { method, route } = request
    meter.add('http_requests', { method, route, status: `${Math.floor(response.statusCode / 100)}xx` })
    meter.observe('http_request', { method, route }, durationMs)
    logger.info('answered', { ...request, status: response.statusCode, durationMs })
  })
}
