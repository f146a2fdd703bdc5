export { createVersions } from './create-versions.js'
export type { Versions } from './versions.js'
