import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A site of a test's own. */
export interface LocalSite {
  readonly url: string
  close(): Promise<void>
}

/** Puts a server on a free port of `localhost`. */
export async function listen(server: Server): Promise<LocalSite> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** For a program that has to be told its port: one that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const site = await listen(createServer())
  await site.close()
  return Number(new URL(site.url).port)
}
