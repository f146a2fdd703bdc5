import type { Token } from 'marked'

/** What the site decided about the content of answers, and the words that rendered content needs. */
export interface RenderContext {
  /** Hosts whose https images are shown; all others become links that name the host. */
  readonly imageHosts: ReadonlySet<string>
  /** Shows the harmless part of HTML; null shows it as text. */
  readonly html: HtmlBuilder | null
  readonly strings: MarkdownStrings
}

/** Makes nodes of HTML in an answer. Its code is there only where a site allows HTML. */
export interface HtmlBuilder {
  /** The nodes of one HTML block. */
  block(html: string, context: RenderContext): HTMLElement
  /** Inline text with tags in it: a tag opens an element for what follows, until its closing tag or the end. */
  run(parent: Node, tokens: readonly Token[], context: RenderContext, buildInline: BuildInline): void
}

export type BuildInline = (token: Token, context: RenderContext) => Node

export interface MarkdownStrings {
  readonly copyCode: string
  readonly image: string
  readonly table: string
  readonly codeBlock: string
  /** Name of a ticked box of a task list, and of an empty one. */
  readonly taskDone: string
  readonly taskOpen: string
}
