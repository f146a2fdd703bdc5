import { BAD_CLIENTS, stay } from './bad-clients.js'

/**
 * Bad clients in a process of their own: what they cost must not hold up the good ones beside them. They come within two
 * seconds: all in one moment would be a test of the kernel's queue of connections.
 */
const COME_WITHIN_MS = 2_000
const [port, count] = process.argv.slice(2).map(Number)
const stays = await Promise.all(
  Array.from({ length: count ?? 0 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, (index / (count ?? 1)) * COME_WITHIN_MS))
    const kind = BAD_CLIENTS[index % BAD_CLIENTS.length]
    return kind ? stay(port ?? 0, kind) : 0
  }),
)
process.send?.({ stays })
process.disconnect()
