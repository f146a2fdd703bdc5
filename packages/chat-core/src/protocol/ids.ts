/**
 * Every id on the wire is an opaque string of this form. The client makes the ids of its messages, runs and
 * (optionally) conversations, so that a repeated request can be recognised.
 */
export const ID_PATTERN = /^[A-Za-z0-9_-]{6,64}$/

/** True when `value` can be an id on the wire. Says nothing about whether the object exists. */
export const isId = (value: string): boolean => ID_PATTERN.test(value)

/** A place in a run's log. On the wire `<run_id>.<seq>`, as SSE `id:`, `Last-Event-ID` or `?after=`. */
export interface Cursor {
  readonly runId: string
  /** Sequence number of the last event seen; 0 means "nothing yet". */
  readonly seq: number
}

export const formatCursor = (cursor: Cursor): string => `${cursor.runId}.${cursor.seq}`

/** `null` for anything that is not a cursor; the caller decides whether that is an error or a `resync`. */
export function parseCursor(text: string): Cursor | null {
  const match = /^([A-Za-z0-9_-]{6,64})\.(\d{1,15})$/.exec(text)
  return match?.[1] && match[2] ? { runId: match[1], seq: Number(match[2]) } : null
}

/**
 * The sequence number of a cursor of the run `runId`; `null` when it is none. For readers: it runs for every delta, so it
 * does without the cost of a pattern match.
 */
export function seqOf(cursor: string, runId: string): number | null {
  if (!cursor.startsWith(runId) || cursor[runId.length] !== '.') return null
  const seq = Number(cursor.slice(runId.length + 1))
  return Number.isSafeInteger(seq) ? seq : null
}
