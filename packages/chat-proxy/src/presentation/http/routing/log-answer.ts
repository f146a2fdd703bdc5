import type { ServerResponse } from 'node:http'
import type { Logger } from '../../../domain/ports/index.js'

/** One line per answer when it has ended: what was asked, how it went, how long it took. Never an address or a header. */
export function logAnswer(
  logger: Logger,
  response: ServerResponse,
  request: { readonly requestId: string; readonly method: string; readonly route: string },
): void {
  const began = performance.now()
  response.once('close', () => {
    const durationMs = Math.round(performance.now() - began)
    logger.info('answered', { ...request, status: response.statusCode, durationMs })
  })
}
