/** What we use of highlight.js, whose package of ES modules comes without types. */
declare module '@highlightjs/cdn-assets/es/core.min.js' {
  export type GrammarFunction = (highlighter: unknown) => object

  /** Hears of the pieces of a text in their order. */
  export interface Emitter {
    addText(text: string): void
    startScope(scope: string): void
    endScope(): void
    /** Begins a part of a scope: `startScope` for one word in several scopes. */
    openNode(scope: string): void
    closeNode(): void
    /** What another grammar made of a part. */
    __addSublanguage(emitter: Emitter, language?: string): void
    finalize(): void
    toHTML(): string
  }

  export interface Highlighted {
    /** A grammar failed; nothing was made of the text. */
    readonly errorRaised?: unknown
    readonly _emitter: Emitter
  }

  const highlighter: {
    newInstance(): {
      configure(options: { readonly __emitter: new () => Emitter }): void
      registerLanguage(name: string, grammar: GrammarFunction): void
      getLanguage(name: string): object | undefined
      highlight(
        text: string,
        options: { readonly language: string; readonly ignoreIllegals: boolean },
      ): Highlighted
    }
  }
  export default highlighter
}

declare module '@highlightjs/cdn-assets/es/languages/*' {
  import type { GrammarFunction } from '@highlightjs/cdn-assets/es/core.min.js'

  const grammar: GrammarFunction
  export default grammar
}
