/** What an answer needs to be more than plain text. Fetched by `lazy-renderer.ts`. */
import { chatMarkdownStyles } from './chat-markdown.styles.js'
import { tableStyles } from './table.styles.js'

export { MarkdownRenderer } from '../markdown/markdown-renderer.js'

export const richTextStyles = [tableStyles, chatMarkdownStyles]
