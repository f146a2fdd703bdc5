/** What an answer needs to be more than plain text. Fetched by `lazy-renderer.ts`. */
export { MarkdownRenderer } from '../markdown/markdown-renderer.js'
export { chatMarkdownStyles } from './chat-markdown.styles.js'
