import type { ServerResponse } from 'node:http'
import { drained } from './response-stream.js'

export interface Download {
  readonly contentType: string
  /** Plain ASCII without quotes. */
  readonly fileName: string
  readonly chunks: AsyncIterable<string>
}

/**
 * Sends a file while it is made, as fast as the client takes it. It begins with the first chunk, so that a failure before it has
 * a status of its own; after it the connection breaks off, so that nobody takes a part for the whole.
 * @throws what the chunks throw
 */
export async function writeDownload(
  response: ServerResponse,
  { contentType, fileName, chunks }: Download,
): Promise<void> {
  for await (const chunk of chunks) {
    if (!response.headersSent) {
      response.writeHead(200, {
        'content-type': contentType,
        'content-disposition': `attachment; filename="${fileName}"`,
      })
    }
    if (response.destroyed) return
    if (!response.write(chunk)) await drained(response)
  }
  response.end()
}
