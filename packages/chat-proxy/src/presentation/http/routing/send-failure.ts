import type { Request, Response } from 'express'
import { DomainError } from '../../../domain/errors.js'
import { ModelError } from '../../../domain/model-error.js'
import type { Clock, Logger, Meter } from '../../../domain/ports/index.js'
import type { LogFields } from '../../../domain/ports/logger.js'
import { failureOf } from '../error-table.js'
import type { Api } from '../openai/api-of.js'
import { limitHeaders } from '../openai/limit-headers.js'
import { openAiFailureOf } from '../openai/openai-error.js'
import { limitToWire } from '../wire/limit-to-wire.js'
import { requestIdOf } from './request-id.js'
import { sendJson } from './send-reply.js'
import { setStandardHeaders } from './standard-headers.js'

export interface FailureDeps {
  readonly logger: Logger
  readonly meter: Meter
  readonly clock: Clock
  /** Whose shape the answer has. */
  readonly api: Api
}

/** The one place where a failure becomes an answer. */
export function sendFailure(
  request: Request,
  response: Response,
  thrown: unknown,
  { logger, meter, clock, api }: FailureDeps,
): void {
  const error = isBadPath(thrown) ? badPath() : thrown
  // Nobody is left to be told, and what breaks because of that is no failure.
  if (response.destroyed && error instanceof DomainError) return
  measureFailure(meter, error)
  const requestId = requestIdOf(request)
  const { status, headers, body } = api === 'openai' ? openAiFailureOf(error) : failureOf(error, requestId)
  if (status >= 500) tell(logger, { requestId, method: request.method, status, error })
  if (response.headersSent) {
    response.destroy()
    return
  }
  setStandardHeaders(response, requestId)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (api === 'openai' && error instanceof DomainError && error.limit) {
    const reached = limitHeaders(limitToWire(error.limit), clock.now())
    for (const [name, value] of Object.entries(reached)) response.setHeader(name, value)
  }
  if (status === 401) response.setHeader('www-authenticate', 'Bearer')
  // The rest of the body is still on its way and nobody will read it.
  if (status === 413) response.setHeader('connection', 'close')
  sendJson(response, status, body)
}

/** A server that is busy, switched off or without its database says so as it should: what is of level `error` is a fault. */
function tell(logger: Logger, fields: LogFields & { readonly error: unknown }): void {
  const isFault = !(fields.error instanceof DomainError || fields.error instanceof ModelError)
  if (isFault) logger.error('a request failed', fields)
  else logger.warn('a request could not be served', fields)
}

function measureFailure(meter: Meter, error: unknown): void {
  meter.add('refusals', { code: error instanceof DomainError ? error.code : 'internal' })
  if (!(error instanceof DomainError) || !error.limit) return
  meter.add('limits_hit', { limit: error.limit.name, scope: error.limit.scope })
}

/** What the framework throws for `%` sequences in a path that are no text. */
const isBadPath = (error: unknown): boolean => error instanceof URIError

const badPath = (): DomainError =>
  new DomainError('invalid-input', 'The address holds a percent sign that does not belong to a character.')
