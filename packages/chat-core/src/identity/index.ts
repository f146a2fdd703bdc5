/**
 * Users of the site in place of visitors.
 * @module
 */
export { createIdentity } from './create-identity.js'
export type { Identity } from './identity.js'
