import type { ServerResponse } from 'node:http'
import type { Completion, CompletionEvent } from '../../../application/complete-chat/completion.js'
import type { Clock, Logger } from '../../../domain/ports/index.js'
import { CompletionChunks } from '../openai/completion-chunks.js'
import { openAiFailureOf } from '../openai/openai-error.js'
import { beat, drained } from './response-stream.js'
import { SSE_HEADERS, sseComment, sseData } from './sse-format.js'

export interface CompletionStreamOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly heartbeatMs: number
  readonly withUsage: boolean
}

/**
 * Writes a completion as OpenAI streams it. The answer begins with the model's first word, so that a failure before it has a
 * status of its own; a model that is silent for longer than a heartbeat gets its stream opened, so that the line is kept.
 * @throws what the events throw, as long as nothing was sent
 */
export async function writeCompletion(
  response: ServerResponse,
  completion: Completion,
  options: CompletionStreamOptions,
): Promise<void> {
  const chunks = new CompletionChunks(completion, options.withUsage)
  const open = (): void => {
    if (response.headersSent) return
    response.writeHead(200, SSE_HEADERS)
    response.write(sseData(chunks.opening()))
  }
  const stopBeating = beat(options, () => {
    open()
    if (!response.writableNeedDrain) response.write(sseComment('hb'))
  })
  try {
    await writeEvents(response, completion.events, { chunks, open })
  } catch (error) {
    if (!response.headersSent || response.destroyed) throw error
    response.write(sseData(chunks.error(openAiFailureOf(error).body)))
  } finally {
    stopBeating()
  }
  open()
  response.end(sseData(chunks.closing))
}

async function writeEvents(
  response: ServerResponse,
  events: AsyncIterable<CompletionEvent>,
  { chunks, open }: { readonly chunks: CompletionChunks; readonly open: () => void },
): Promise<void> {
  for await (const event of events) {
    const data = chunks.of(event)
    if (data === null) continue
    open()
    if (!response.write(sseData(data))) await drained(response)
  }
}
