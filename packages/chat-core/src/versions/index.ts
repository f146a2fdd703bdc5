/**
 * Answers that are asked for anew and questions that are edited, each kept beside the older one.
 * @module
 */
export { createVersions } from './create-versions.js'
export type { Versions } from './versions.js'
