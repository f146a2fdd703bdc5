/** What an answer needs to be more than plain text. Fetched by `lazy-renderer.ts`. */
import { chatMarkdownStyles } from './chat-markdown.styles.js'
import type { HtmlBuilder } from '../markdown/render-context.js'
import { tableStyles } from './table.styles.js'

/** What of HTML a page may show, for sites that allow it. Null where the page forbids what the sanitiser needs: HTML then stays text. */
export const loadHtml = (): Promise<HtmlBuilder | null> =>
  import('../markdown/load-html.js').then(({ loadHtmlBuilder }) => loadHtmlBuilder()).catch(() => null)

export { MarkdownRenderer } from '../markdown/markdown-renderer.js'

export const richTextStyles = [tableStyles, chatMarkdownStyles]
