export { createOutbox, type OutboxOptions } from './create-outbox.js'
