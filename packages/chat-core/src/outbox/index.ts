export { createOutbox } from './stored-outbox.js'
export type { Outbox, OutboxFactory } from './outbox.js'
