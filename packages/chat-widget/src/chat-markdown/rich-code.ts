/** What code needs to have colours. Fetched by `chat-markdown.ts`. */
export { CodeColours } from './code-colours.js'
