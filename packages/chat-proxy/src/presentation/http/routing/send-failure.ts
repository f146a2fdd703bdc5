import type { Request, Response } from 'express'
import { DomainError } from '../../../domain/errors.js'
import type { Logger } from '../../../domain/ports/index.js'
import { failureOf } from '../error-table.js'
import { requestIdOf } from './request-id.js'
import { sendJson } from './send-reply.js'
import { setStandardHeaders } from './standard-headers.js'

/** The one place where a failure becomes an answer. */
export function sendFailure(request: Request, response: Response, thrown: unknown, logger: Logger): void {
  const error = isBadPath(thrown)
    ? new DomainError(
        'invalid-input',
        'The address holds a percent sign that does not belong to a character.',
      )
    : thrown
  const requestId = requestIdOf(request)
  const { status, body } = failureOf(error, requestId)
  if (status >= 500) logger.error('a request failed', { requestId, method: request.method, status, error })
  if (response.headersSent) {
    response.destroy()
    return
  }
  setStandardHeaders(response, requestId)
  if (body.type === 'AuthenticationError') response.setHeader('www-authenticate', 'Bearer')
  if (body.retry_after !== undefined) response.setHeader('retry-after', String(body.retry_after))
  // The rest of the body is still on its way and nobody will read it.
  if (body.type === 'PayloadTooLargeError') response.setHeader('connection', 'close')
  sendJson(response, status, body)
}

/** What the framework throws for `%` sequences in a path that are no text. */
const isBadPath = (error: unknown): boolean => error instanceof URIError
