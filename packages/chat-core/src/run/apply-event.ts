import {
  DONE,
  type ChatCompletionChunk,
  type RunError,
  type RunStatus,
  type TerminalRunStatus,
} from '../protocol/index.js'
import { ChatError, NOT_THE_PROTOCOL } from '../errors/chat-error.js'
import type { RunProgress } from './run-progress.js'

/**
 * Applies one event of `format=openai` to `progress`, once: an event that was seen before changes nothing.
 *
 * @param seq its number in the run's log
 * @param data JSON of a `chat.completion.chunk`, or `[DONE]`
 * @throws ChatError `protocol` when the event is not of the contract or an event before it is missing. `progress` is then as
 *   before, and the run can be read again from `progress.seq`.
 */
export function applyEvent(progress: RunProgress, seq: number, data: string): void {
  // A snapshot may stand behind us: after a crash the server's truth can be shorter than what we have seen.
  if (seq <= progress.seq && !data.includes('"resync":')) return
  // It ends no answer: only a status does.
  if (data === DONE) return void (progress.seq = seq)
  const chunk = parseChunk(data)
  const { colloquy } = chunk
  const snapshot = colloquy?.resync
  if (!snapshot && seq !== progress.seq + 1) throw broken()
  progress.acknowledged = true
  if (snapshot) progress.text = snapshot.content ?? ''
  const text = chunk.choices?.[0]?.delta?.content
  if (typeof text === 'string') progress.text += text
  Object.assign(progress.told, colloquy)
  noteEnd(progress, colloquy?.status, colloquy?.error)
  progress.seq = seq
}

function parseChunk(data: string): ChatCompletionChunk {
  let chunk: ChatCompletionChunk
  try {
    // Unknown fields are ignored and known ones checked where they are read.
    chunk = JSON.parse(data) as typeof chunk
  } catch (cause) {
    throw broken(cause)
  }
  if (Object(chunk) !== chunk) throw broken()
  return chunk
}

/** An event is missing or is none; whoever asks from `progress.seq` on may get it whole. */
const broken = (cause?: unknown): ChatError =>
  new ChatError('protocol', NOT_THE_PROTOCOL, { retryable: true, cause })

/** Notes the end of the run, if `status` is one; the first end stays. */
export function noteEnd(progress: RunProgress, status: RunStatus | undefined, error?: RunError | null): void {
  if (isTerminal(status)) progress.end ??= { status, error: error ?? null }
}

const TERMINAL: ReadonlySet<RunStatus | undefined> = new Set([
  'completed',
  'stopped',
  'interrupted',
  'failed',
  'blocked',
])

export const isTerminal = (status: RunStatus | undefined): status is TerminalRunStatus => TERMINAL.has(status)
