import { LazyParts } from './lazy-parts.js'

/** What can be done with messages. Messages can be read without. */
export const toolParts = new LazyParts(() => import('./tool-parts.js'))
