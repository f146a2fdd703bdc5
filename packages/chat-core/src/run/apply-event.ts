import {
  DONE,
  type ChatCompletionChunk,
  type RunStatus,
  type StreamExtension,
  type TerminalRunStatus,
} from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import type { RunProgress } from './run-progress.js'

/**
 * Applies one event of `format=openai` to `progress`, once: an event that was seen before changes nothing.
 *
 * @param seq its number in the run's log; `null` when the other side does not number
 * @param data JSON of a `chat.completion.chunk`, or `[DONE]`
 * @throws ChatError `protocol` when the event is not of the contract or an event before it is missing. `progress` is then as
 *   before, and the run can be read again from `progress.seq`.
 */
export function applyEvent(progress: RunProgress, seq: number | null, data: string): void {
  // A snapshot may stand behind us: after a crash the server's truth can be shorter than what we have seen.
  if (seq !== null && seq <= progress.seq && !data.includes('"resync"')) return
  if (data === DONE) {
    endUnnumbered(progress, seq)
    if (seq !== null) progress.seq = seq
    return
  }
  const chunk = parseChunk(data)
  const { colloquy } = chunk
  const isSnapshot = colloquy?.resync !== undefined
  if (seq !== null && !isSnapshot && seq !== progress.seq + 1) {
    throw new ChatError('protocol', 'The stream skipped an event.', { retryable: true })
  }
  progress.acknowledged = true
  if (isSnapshot) progress.text = colloquy.resync?.content ?? ''
  applyChoice(progress, chunk)
  if (chunk.usage) progress.usage = chunk.usage
  if (colloquy) applyExtension(progress, colloquy)
  if (seq !== null) progress.seq = seq
}

function parseChunk(data: string): ChatCompletionChunk {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch (cause) {
    throw new ChatError('protocol', 'The stream carried an event that is not JSON.', {
      retryable: true,
      cause,
    })
  }
  if (typeof value !== 'object' || value === null) {
    throw new ChatError('protocol', 'The stream carried an event that is not an object.', { retryable: true })
  }
  if ('error' in value && value.error && !('colloquy' in value)) {
    // An OpenAI-compatible endpoint reports a failure in mid-stream this way.
    throw new ChatError('upstream', 'The model reported an error in the middle of its answer.', {
      retryable: true,
    })
  }
  // Unknown fields are ignored and known ones checked where they are read.
  return value as ChatCompletionChunk
}

function applyChoice(progress: RunProgress, chunk: ChatCompletionChunk): void {
  const choice = chunk.choices?.[0]
  if (!choice) return
  const text = choice.delta?.content
  if (typeof text === 'string') progress.text += text
  if (choice.finish_reason) progress.finished = true
}

function applyExtension(progress: RunProgress, extension: StreamExtension): void {
  progress.messageId = extension.message_id ?? progress.messageId
  progress.conversationId = extension.conversation_id ?? progress.conversationId
  progress.title = extension.title ?? progress.title
  if (extension.status && isTerminal(extension.status)) {
    progress.end ??= { status: extension.status, error: extension.error ?? null }
  }
}

/** `[DONE]` ends an answer only where nothing better exists: an endpoint that numbers also sends a status. */
function endUnnumbered(progress: RunProgress, seq: number | null): void {
  if (seq === null && progress.finished) progress.end ??= { status: 'completed', error: null }
}

const TERMINAL: ReadonlySet<RunStatus> = new Set(['completed', 'stopped', 'interrupted', 'failed', 'blocked'])

export const isTerminal = (status: RunStatus): status is TerminalRunStatus => TERMINAL.has(status)
