import type { ServerResponse } from 'node:http'
import type { FollowedRun } from '../../../application/follow-run/follow-run.js'
import type { Clock, Logger } from '../../../domain/ports/index.js'
import { bodyWriter } from './body-writer.js'
import { beat } from './response-stream.js'
import { SSE_HEADERS, SSE_OPENING, SSE_PADDING, sseHeartbeat } from './sse-format.js'
import { framesOf } from './step-frames.js'
import type { StreamFormat } from './stream-format.js'

export interface EventStreamOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly heartbeatMs: number
  readonly format: StreamFormat
  readonly padded: boolean
}

/**
 * Writes a run to a client until the run or the connection ends. Pulls from the log only when the client has taken what
 * was written, so a slow client catches up from the log. Resolves when the response has ended; never rejects.
 */
export async function writeEventStream(
  response: ServerResponse,
  { run, after, pour }: FollowedRun,
  options: EventStreamOptions,
): Promise<void> {
  response.writeHead(200, { ...SSE_HEADERS, ...options.format.headers })
  const body = bodyWriter(response)
  body.write((options.padded ? SSE_PADDING : '') + SSE_OPENING)
  let lastSeq = after
  const write = framesOf(options.format, run)
  const stopBeating = beat(options, () => {
    // Not while the client does not even take what was written.
    if (!body.isFull) body.write(sseHeartbeat(lastSeq))
  })
  try {
    await pour((step) => {
      const frames = write(step)
      lastSeq = frames.lastSeq
      if (!body.write(frames.text)) return body.drained()
    })
  } catch (error) {
    // Without a terminal event the end of the stream is no success: the client asks again from its cursor.
    options.logger.error('a stream broke', { tenantId: run.tenantId, runId: run.id, error })
  } finally {
    stopBeating()
    body.end()
  }
}
