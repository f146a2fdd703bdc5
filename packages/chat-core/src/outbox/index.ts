/**
 * Questions that survive a reload, a day offline and a server that is away.
 * @module
 */
export { createOutbox, type OutboxOptions } from './create-outbox.js'
export type { Outbox } from './outbox.js'
