/** Something the demo model can talk about. */
export interface Topic {
  readonly name: string
  /** Words or phrases that lead here, in lower case and without punctuation. */
  readonly keywords: readonly string[]
  /** Markdown. */
  readonly answer: string
}

/** Markdown from its lines, so that fences and backticks need no escapes. */
export const markdown = (...lines: readonly string[]): string => lines.join('\n')
