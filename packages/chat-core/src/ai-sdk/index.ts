export { createDurableTransport, type DurableTransportOptions } from './create-durable-transport.js'
export type { DurableTransport } from './durable-transport.js'
