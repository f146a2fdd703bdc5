import type { MarkedOptions, Token } from 'marked'

/** A formula, as a token beside the lexer's own. */
export interface MathToken {
  readonly type: 'math'
  readonly raw: string
  /** TeX. */
  readonly text: string
  readonly display: boolean
}

/** Where math is in Markdown. */
export interface MathSyntax {
  /** What the lexer takes, and its hooks. */
  readonly options: Pick<MarkedOptions, 'extensions' | 'hooks'>
  /** Where a formula that is a block begins that has no end yet, or null: it may end behind what else would end a block. */
  openBlockAt(text: string): number | null
  /** True when a formula that is a block begins behind the first line. */
  hasBlockIn(text: string): boolean
  /**
   * Gives `change` the text with every formula hidden from it, and puts them back into what it makes of that. A formula that has no end yet,
   * and what follows it, is left out: nothing of it is shown so far.
   */
  around(text: string, change: (hidden: string) => string): string
}

/** Math in answers. Its code is there only where a site asks for it. */
export interface MathExtra {
  readonly syntax: MathSyntax
  build(token: MathToken, strings: MarkdownStrings): HTMLElement
}

/** What the site decided about the content of answers, and the words that rendered content needs. */
export interface RenderContext {
  /** Hosts whose https images are shown; all others become links that name the host. */
  readonly imageHosts: ReadonlySet<string>
  /** Shows the harmless part of HTML; null shows it as text. */
  readonly html: HtmlBuilder | null
  /** Shows math; null leaves it as it is written. */
  readonly math: MathExtra | null
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
  readonly formula: string
  /** Name of a ticked box of a task list, and of an empty one. */
  readonly taskDone: string
  readonly taskOpen: string
}
