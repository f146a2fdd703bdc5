export { createDirectTransport, type DirectTransportOptions } from './direct-transport.js'
