/**
 * What the page tells the model of itself.
 * @module
 */
export { createPageContext } from './create-page-context.js'
export type { PageContextPart, PageFacts } from './page-context.js'
