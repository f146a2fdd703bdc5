/** What an answer needs to be more than plain text. Fetched by `lazy-renderer.ts`. */
import type * as mathModule from '../markdown/extras/math/index.js'
import { chatMarkdownStyles } from './chat-markdown.styles.js'
import type { HtmlBuilder } from '../markdown/render-context.js'
import { tableStyles } from './table.styles.js'

/** What of HTML a page may show, for sites that allow it. Null where the page forbids what the sanitiser needs: HTML then stays text. */
export const loadHtml = (): Promise<HtmlBuilder | null> =>
  import('../markdown/load-html.js').then(({ loadHtmlBuilder }) => loadHtmlBuilder()).catch(() => null)

export { MarkdownRenderer } from '../markdown/markdown-renderer.js'

export const richTextStyles = [tableStyles, chatMarkdownStyles]

let math: typeof mathModule | null | undefined

/** What shows math: undefined while nobody asked for it, null where it did not come. Formulas then stay as they are written. */
export const loadedMath = (): typeof mathModule | null | undefined => math

export async function loadMath(): Promise<void> {
  math ??= await import('../markdown/extras/math/index.js').catch(() => null)
}
