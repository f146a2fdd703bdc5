import { LazyParts } from './lazy-parts.js'

/** Messages. Nobody needs them before the first question; until they are there, the words stand alone. */
export const messageParts = new LazyParts(() => import('./message-parts.js'))

export const listParts = new LazyParts(() => import('./list-parts.js'))
