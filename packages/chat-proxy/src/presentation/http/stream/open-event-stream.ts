import type { ServerResponse } from 'node:http'
import type { FollowedRun } from '../../../application/follow-run/follow-run.js'
import type { Clock, Logger } from '../../../domain/ports/index.js'
import type { Visit } from '../routing/visit.js'
import type { BodyWriter } from './body-writer.js'
import { openBody } from './open-body.js'
import type { Remainder } from './remainder.js'
import { beat } from './response-stream.js'
import { SSE_HEADERS, SSE_OPENING, SSE_PADDING } from './sse-format.js'
import { StepWriter } from './step-writer.js'
import type { StreamFormat } from './stream-format.js'

interface Pouring {
  readonly clock: Clock
  readonly logger: Logger
  readonly heartbeatMs: number
  readonly format: StreamFormat
}

export interface EventStreamOptions extends Pouring {
  readonly padded: boolean
  readonly visit: Visit
}

/**
 * Begins to write a run to a client.
 * @returns what writes it until the run or the connection ends. It pulls from the log only when the client has taken what was
 *   written, so a slow client catches up from the log. The response is not kept where the body has a way of its own.
 */
export function openEventStream(
  response: ServerResponse,
  followed: FollowedRun,
  { padded, visit, clock, logger, heartbeatMs, format }: EventStreamOptions,
): Remainder {
  const body = openBody(response, { ...SSE_HEADERS, ...format.headers }, visit)
  body.write((padded ? SSE_PADDING : '') + SSE_OPENING)
  return remainderOf(body, followed, { clock, logger, heartbeatMs, format })
}

/** Apart, so that it keeps nothing of what came before. */
const remainderOf =
  (body: BodyWriter, followed: FollowedRun, options: Pouring): Remainder =>
  () =>
    pourEvents(body, followed, options)

async function pourEvents(
  body: BodyWriter,
  { run, after, pour }: FollowedRun,
  options: Pouring,
): Promise<void> {
  const writer = new StepWriter(body, options.format, { run, after })
  const stopBeating = beat(options, () => writer.beat())
  try {
    await pour((step) => writer.write(step))
  } catch (error) {
    // Without a terminal event the end of the stream is no success: the client asks again from its cursor.
    options.logger.error('a stream broke', { tenantId: run.tenantId, runId: run.id, error })
  } finally {
    stopBeating()
    body.end()
  }
}
