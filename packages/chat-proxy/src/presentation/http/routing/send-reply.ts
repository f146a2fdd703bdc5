import type { ServerResponse } from 'node:http'
import type { Clock, Logger } from '../../../domain/ports/index.js'
import type { Reply } from '../reply.js'
import type { Remainder } from '../stream/remainder.js'
import { STREAM_FORMATS } from '../stream/stream-formats.js'
import { writeCompletion } from '../stream/write-completion.js'
import { writeDownload } from '../stream/write-download.js'
import { openEventStream } from '../stream/open-event-stream.js'
import type { Visit } from './visit.js'

export interface ReplyDeps {
  readonly clock: Clock
  readonly logger: Logger
  /** How often a stream gives a sign of life. */
  readonly heartbeatMs: number
}

/** Writes an answer. @returns what is left of it, of a run that can go on for minutes */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  deps: ReplyDeps & { readonly visit: Visit },
): Promise<Remainder | void> {
  switch (reply.kind) {
    case 'events':
      return openEventStream(response, reply.followed, {
        ...deps,
        format: STREAM_FORMATS[reply.format],
        padded: reply.padded,
      })
    case 'completion':
      return writeCompletion(response, reply.completion, { ...deps, withUsage: reply.withUsage })
    case 'download':
      return writeDownload(response, reply)
    case 'empty':
      response.writeHead(204).end()
      return
    case 'text':
      response.writeHead(200, { ...reply.headers, 'content-type': reply.contentType }).end(reply.text)
      return
    case 'json':
      sendJson(response, reply.status, reply.body)
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
