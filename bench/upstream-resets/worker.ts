import { resetRandomly } from '../../packages/chat-proxy/test/durability/upstream-resets.js'

/** Proxy, provider and clients in a process that a fault may end: `worker.ts <resets> <seed>`. */
const [resets = 0, seed = 0] = process.argv.slice(2).map(Number)
process.send?.(await resetRandomly(resets, seed))
process.disconnect()
