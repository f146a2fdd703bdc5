/** What the site decided about the content of answers, and the words that rendered content needs. */
export interface RenderContext {
  /** Hosts whose https images are shown; all others become links that name the host. */
  readonly imageHosts: ReadonlySet<string>
  /** Turns HTML of an answer into inert nodes; null shows it as text. */
  readonly sanitize: ((html: string) => DocumentFragment) | null
  readonly strings: MarkdownStrings
}

export interface MarkdownStrings {
  readonly copyCode: string
  readonly image: string
  readonly table: string
  readonly codeBlock: string
  /** Name of a ticked box of a task list, and of an empty one. */
  readonly taskDone: string
  readonly taskOpen: string
}
