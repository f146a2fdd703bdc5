/**
 * Thumbs up and down, with a word on why.
 * @module
 */
export { createFeedback } from './create-feedback.js'
export type { Feedback } from './feedback.js'
