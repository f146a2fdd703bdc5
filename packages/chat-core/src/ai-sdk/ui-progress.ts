import type { UIMessageChunk } from 'ai'
import { ChatError, NOT_THE_PROTOCOL } from '../errors/chat-error.js'
import { DONE, formatCursor, parseCursor } from '../protocol/index.js'

/** How far one answer has come in `format=ui`. */
export interface UiProgress {
  /** `null` until the server has told which run it is. */
  runId: string | null
  /** Number of the newest event after which can be read on; 0 before the first. */
  seq: number
  /** Number that all events of a snapshot carry while it is told; one that broke off has to be told again. */
  snapshot: number | null
  /** The answer has ended, and why was told. */
  ended: boolean
}

export const newUiProgress = (): UiProgress => ({ runId: null, seq: 0, snapshot: null, ended: false })

/** Where to read on after the line broke. */
export function cursorAfterBreak(progress: UiProgress, runId: string): string {
  if (progress.snapshot !== null) progress.seq = 0
  progress.snapshot = null
  return formatCursor({ runId, seq: progress.seq })
}

/**
 * Takes one event of `format=ui`, once.
 * @returns what to tell the AI SDK; nothing for an event that was seen before
 * @throws ChatError `protocol` when it is no event of the contract or one before it is missing; `progress` is then as before
 */
export function takeEvent(
  progress: UiProgress,
  lastEventId: string,
  data: string,
): readonly UIMessageChunk[] {
  const cursor = parseCursor(lastEventId)
  if (!cursor || (progress.runId !== null && cursor.runId !== progress.runId)) throw broken()
  if (data === DONE) return []
  const chunk = parseChunk(data)
  if (chunk.type === 'start') return begin(progress, cursor.runId, cursor.seq, chunk)
  if (cursor.seq !== progress.snapshot) {
    if (cursor.seq <= progress.seq) return []
    if (cursor.seq !== (progress.snapshot ?? progress.seq) + 1) throw broken()
    progress.seq = cursor.seq
    progress.snapshot = null
  }
  progress.ended = chunk.type === 'finish' || chunk.type === 'abort' || chunk.type === 'error'
  return [chunk]
}

/** An answer is told from its beginning, the first time or again; then what was told before is taken back. */
function begin(
  progress: UiProgress,
  runId: string,
  seq: number,
  chunk: UIMessageChunk,
): readonly UIMessageChunk[] {
  const isAgain = progress.runId !== null
  progress.runId = runId
  progress.snapshot = seq
  return isAgain ? [chunk, { type: 'reset-step' }] : [chunk]
}

function parseChunk(data: string): UIMessageChunk {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch (cause) {
    throw broken(cause)
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) throw broken()
  // Types that are unknown here are for the AI SDK to judge, which checks what it is given.
  return value as UIMessageChunk
}

const broken = (cause?: unknown): ChatError =>
  new ChatError('protocol', NOT_THE_PROTOCOL, { retryable: true, cause })
