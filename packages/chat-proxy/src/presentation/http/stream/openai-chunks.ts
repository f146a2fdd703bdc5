import {
  DONE,
  type ChatCompletionChunk,
  type ChunkChoice,
  type RunError,
  type StreamExtension,
} from '@colloquy/chat-core/protocol'
import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import type { RunEvent } from '../../../domain/run-event.js'
import type { Run } from '../../../domain/run.js'

/** How OpenAI's clients learn of a failure in mid-stream: they throw on a chunk that has `error`. */
export type FailableChunk = ChatCompletionChunk & {
  readonly error?: { message: string; type: string; code: string; param: null }
}

/** One log entry as the data of one event of `format=openai`. */
export function openAiData(run: Run, event: RunEvent): string {
  return event.type === 'closed' ? DONE : JSON.stringify(chunkOf(run, event))
}

/** A snapshot in the same format. */
export function resyncData({ run, message }: RunSnapshot): string {
  const extension = {
    ...idsOf(run),
    status: run.status,
    resync: { content: message.content },
    ...(run.error && { error: run.error }),
  }
  return JSON.stringify({ ...bare(run), usage: run.usage, colloquy: extension } satisfies FailableChunk)
}

function chunkOf(run: Run, event: Exclude<RunEvent, { type: 'closed' }>): FailableChunk {
  switch (event.type) {
    case 'opened':
      return { ...bare(run), model: event.model, choices: [choice({ role: 'assistant', content: '' })] }
    case 'text-start':
      return { ...bare(run), colloquy: { ...idsOf(run), title: event.title } }
    case 'text-delta':
      return { ...bare(run), choices: [choice({ content: event.text })] }
    case 'text-end':
      return { ...bare(run), choices: [{ ...choice({}), finish_reason: event.finishReason }] }
    case 'ended': {
      const extension = { ...idsOf(run), status: event.status, ...(event.error && { error: event.error }) }
      const chunk = { ...bare(run), usage: event.usage, colloquy: extension }
      return event.error ? { ...chunk, error: openAiError(event.error) } : chunk
    }
  }
}

const bare = (run: Run): ChatCompletionChunk => ({
  id: `chatcmpl-${run.id}`,
  object: 'chat.completion.chunk',
  created: Math.floor(run.createdAt / 1000),
  model: run.model ?? '',
  choices: [],
})

const choice = (delta: ChunkChoice['delta']): ChunkChoice => ({ index: 0, delta, finish_reason: null })

const idsOf = (run: Run): StreamExtension => ({
  run_id: run.id,
  conversation_id: run.conversationId,
  user_message_id: run.userMessageId,
  message_id: run.messageId,
})

const openAiError = ({ code, message }: RunError): NonNullable<FailableChunk['error']> => ({
  message,
  type: code.startsWith('upstream') ? 'upstream_error' : 'server_error',
  code,
  param: null,
})
