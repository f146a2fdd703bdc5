/** A style sheet as text, which every shadow root that adopts it shares. */
export class Styles {
  #sheet: CSSStyleSheet | null = null

  constructor(private readonly text: string) {}

  /** Constructed, so that no policy of a page forbids it; only when it is asked for, since servers have none. */
  get styleSheet(): CSSStyleSheet {
    if (!this.#sheet) {
      this.#sheet = new CSSStyleSheet()
      this.#sheet.replaceSync(this.text)
    }
    return this.#sheet
  }
}

/** A template without values: the build takes its blanks and comments out. */
export const css = (text: TemplateStringsArray): Styles => new Styles(text.join(''))

/** `styles`, and no others, in this order. */
export function adoptStyles(root: ShadowRoot, styles: readonly Styles[]): void {
  root.adoptedStyleSheets = styles.map(({ styleSheet }) => styleSheet)
}
