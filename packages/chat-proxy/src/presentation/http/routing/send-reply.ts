import type { ServerResponse } from 'node:http'
import type { Clock, Logger } from '../../../domain/ports/index.js'
import type { Reply } from '../reply.js'
import { STREAM_FORMATS } from '../stream/stream-formats.js'
import { writeCompletion } from '../stream/write-completion.js'
import { writeDownload } from '../stream/write-download.js'
import { writeEventStream } from '../stream/write-event-stream.js'

export interface ReplyDeps {
  readonly clock: Clock
  readonly logger: Logger
  /** How often a stream gives a sign of life. */
  readonly heartbeatMs: number
}

/** Writes an answer. Resolves when it has ended, which for a stream can take minutes. */
export async function sendReply(response: ServerResponse, reply: Reply, deps: ReplyDeps): Promise<void> {
  switch (reply.kind) {
    case 'events':
      return writeEventStream(response, reply.followed, {
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
