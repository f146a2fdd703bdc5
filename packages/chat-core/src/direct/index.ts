/**
 * An OpenAI-compatible endpoint without a proxy, for development.
 * @module
 */
export { createDirectTransport, type DirectTransportOptions } from './direct-transport.js'
