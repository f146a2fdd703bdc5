export { createOutbox, type OutboxOptions } from './create-outbox.js'
export type { Outbox } from './outbox.js'
