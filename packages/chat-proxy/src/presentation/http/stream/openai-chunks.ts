import {
  DONE,
  type ChatCompletionChunk,
  type ChunkChoice,
  type RunError,
  type StreamExtension,
} from '@colloquy/chat-core/protocol'
import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import type { RunEvent } from '../../../domain/run-event.js'
import { isTerminal, type Run } from '../../../domain/run.js'
import type { StreamFormat } from './stream-format.js'

/** How OpenAI's clients learn of a failure in mid-stream: they throw on a chunk that has `error`. */
export type FailableChunk = ChatCompletionChunk & {
  readonly error?: { message: string; type: string; code: string; param: null }
}

/** `format=openai`: what chat-core and any OpenAI client read. */
export const openAiFormat: StreamFormat = {
  headers: {},
  eventsOf(run) {
    const text = textChunkOf(run)
    return (event) => {
      if (event.type === 'text-delta') return text(event.text)
      return event.type === 'closed' ? DONE : JSON.stringify(chunkOf(run, event))
    }
  },
  // Nothing follows the snapshot of an ended run, so the stream's own end comes with it.
  resync: (snapshot) =>
    isTerminal(snapshot.run.status) ? [resyncData(snapshot), DONE] : [resyncData(snapshot)],
}

function resyncData({ run, message, queuePosition }: RunSnapshot): string {
  const extension = {
    ...idsOf(run),
    status: run.status,
    resync: { content: message.content },
    ...(queuePosition > 0 && { queue: { position: queuePosition } }),
    ...(run.error && { error: run.error }),
  }
  return JSON.stringify({ ...bare(run), usage: run.usage, colloquy: extension } satisfies FailableChunk)
}

/** Nearly all chunks are of this kind: of each only the text is written anew. */
function textChunkOf(run: Run): (text: string) => string {
  const [before, after] = JSON.stringify({ ...bare(run), choices: [choice({ content: '' })] }).split('""')
  return (text) => `${before}${JSON.stringify(text)}${after}`
}

function chunkOf(run: Run, event: Exclude<RunEvent, { type: 'closed' | 'text-delta' }>): FailableChunk {
  switch (event.type) {
    case 'opened':
      return { ...bare(run), model: event.model, choices: [choice({ role: 'assistant', content: '' })] }
    case 'identified':
      return { ...bare(run), colloquy: { ...idsOf(run), title: event.title } }
    case 'queued':
      return { ...bare(run), colloquy: { ...idsOf(run), queue: { position: event.position } } }
    case 'reasoning-start':
    case 'reasoning-end':
      return { ...bare(run), choices: [choice({})] }
    case 'reasoning-delta':
      return { ...bare(run), choices: [choice({ reasoning_content: event.text })] }
    case 'text-start':
      return { ...bare(run), choices: [choice({ content: '' })] }
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
