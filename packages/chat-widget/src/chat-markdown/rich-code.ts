/** What code needs to have colours. Fetched by `code-colours.ts`. */
export { highlight } from '../markdown/extras/highlight.js'
export { highlightStyles } from '../markdown/extras/highlight.styles.js'
