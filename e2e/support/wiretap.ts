import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to a site that keeps every byte that the site sends: headers, bodies and streams, as they were. */
export interface Wiretap {
  readonly url: string
  /** All that the site has sent so far. */
  received(): string
  close(): Promise<void>
}

/** Browsers do not hand out the bodies of event streams; the wire does. */
export async function tap(siteUrl: string): Promise<Wiretap> {
  const { hostname, port } = new URL(siteUrl)
  const pieces: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((browser) => {
    const site = connect(Number(port), hostname)
    for (const socket of [browser, site]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      // A side that resets its connection ends both; what it sent until then is kept.
      socket.once('error', () => [browser, site].forEach((side) => side.destroy()))
    }
    site.on('data', (piece) => pieces.push(piece))
    browser.pipe(site).pipe(browser)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    received: () => Buffer.concat(pieces).toString('utf8'),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
