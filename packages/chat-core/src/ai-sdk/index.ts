/**
 * The transport by which the AI SDK's `useChat`, and assistant-ui, run on durable runs.
 * @module
 */
export { createDurableTransport, type DurableTransportOptions } from './create-durable-transport.js'
export type { DurableTransport } from './durable-transport.js'
