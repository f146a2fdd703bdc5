import type { Emitter } from '@highlightjs/cdn-assets/es/core.min.js'

/** What a grammar may call a piece of code; each has a colour of its own. */
const SCOPES: ReadonlySet<string> = new Set(
  (
    'keyword built_in type literal number operator punctuation property regexp string subst symbol class title params ' +
    'variable comment doctag meta section tag name attr attribute bullet code emphasis strong link quote ' +
    'selector-tag selector-id selector-class selector-attr selector-pseudo template-tag template-variable addition deletion'
  ).split(' '),
)

/** Makes text and `span`s, each with one class of ours, of what a grammar finds. */
export class NodeEmitter implements Emitter {
  readonly root = document.createDocumentFragment()
  readonly #open: ParentNode[] = [this.root]

  addText(text: string): void {
    this.#innermost().append(text)
  }

  /** @param scope such as `title.function`; the first word alone makes the colour */
  openNode(scope: string): void {
    const span = document.createElement('span')
    const [name = ''] = scope.split('.')
    if (SCOPES.has(name)) span.className = `hl-${name}`
    this.#innermost().append(span)
    this.#open.push(span)
  }

  closeNode(): void {
    if (this.#open.length > 1) this.#open.pop()
  }

  startScope(scope: string): void {
    this.openNode(scope)
  }

  endScope(): void {
    this.closeNode()
  }

  __addSublanguage(emitter: Emitter): void {
    if (emitter instanceof NodeEmitter) this.#innermost().append(emitter.root)
  }

  finalize(): void {
    this.#open.length = 1
  }

  /** Asked for by the highlighter, used by nobody. */
  toHTML(): string {
    return ''
  }

  #innermost(): ParentNode {
    return this.#open.at(-1) ?? this.root
  }
}
