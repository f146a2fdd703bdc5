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
 * @param seq its number in the run's log; `null` when the other side does not number
 * @param data JSON of a `chat.completion.chunk`, or `[DONE]`
 * @throws ChatError `protocol` when the event is not of the contract or an event before it is missing. `progress` is then as
 *   before, and the run can be read again from `progress.seq`.
 */
export function applyEvent(progress: RunProgress, seq: number | null, data: string): void {
  // A snapshot may stand behind us: after a crash the server's truth can be shorter than what we have seen.
  if (seq !== null && seq <= progress.seq && !data.includes('"resync"')) return
  if (data === DONE) {
    // It ends an answer only where nothing better exists: an endpoint that numbers also sends a status.
    if (seq !== null) progress.seq = seq
    else if (progress.finished) noteEnd(progress, 'completed')
    return
  }
  const chunk = parseChunk(data)
  const { colloquy } = chunk
  const snapshot = colloquy?.resync
  if (seq !== null && !snapshot && seq !== progress.seq + 1) throw broken()
  progress.acknowledged = true
  if (snapshot) progress.text = snapshot.content ?? ''
  applyChoice(progress, chunk)
  Object.assign(progress.told, colloquy)
  noteEnd(progress, colloquy?.status, colloquy?.error)
  if (seq !== null) progress.seq = seq
}

function parseChunk(data: string): ChatCompletionChunk {
  let chunk: (ChatCompletionChunk & { readonly error?: unknown }) | null
  try {
    // Unknown fields are ignored and known ones checked where they are read.
    chunk = JSON.parse(data) as typeof chunk
  } catch (cause) {
    throw broken(cause)
  }
  if (!chunk || typeof chunk !== 'object') throw broken()
  // An OpenAI-compatible endpoint reports a failure in mid-stream this way.
  if (chunk.error && !chunk.colloquy) throw new ChatError('upstream', 'The model failed.')
  return chunk
}

/** An event is missing or is none; whoever asks from `progress.seq` on may get it whole. */
const broken = (cause?: unknown): ChatError =>
  new ChatError('protocol', NOT_THE_PROTOCOL, { retryable: true, cause })

function applyChoice(progress: RunProgress, { choices }: ChatCompletionChunk): void {
  const choice = choices?.[0]
  const text = choice?.delta?.content
  if (typeof text === 'string') progress.text += text
  if (choice?.finish_reason) progress.finished = true
}

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
