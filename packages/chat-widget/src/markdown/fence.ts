/** A code fence that opens at the very start of a text. */
export interface Fence {
  readonly marker: string
  readonly info: string
}

const OPENING = /^ {0,3}(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n/

/** The fence that `text` starts with, if its first line is complete. */
export function findFence(text: string): Fence | null {
  const match = OPENING.exec(text)
  return match?.[1] === undefined ? null : { marker: match[1], info: (match[2] ?? '').trim() }
}

/**
 * Where `fence` closes in `text`: the closing line starts at `start` and ends, newline included, at `end`.
 * `null` while it is open. No fence counts as closed at 0, so that callers need no second question.
 */
export function fenceEnd(text: string, fence: Fence | null): { start: number; end: number } | null {
  if (!fence) return { start: 0, end: 0 }
  const closing = new RegExp(`\\n {0,3}${fence.marker[0] ?? ''}{${fence.marker.length},} *(?:\\n|$)`, 'g')
  closing.lastIndex = text.indexOf('\n')
  const match = closing.exec(text)
  return match ? { start: match.index + 1, end: match.index + match[0].length } : null
}
