export { createFeedback } from './create-feedback.js'
export type { Feedback } from './feedback.js'
