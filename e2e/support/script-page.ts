import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Serves an empty page with one module script, as a site of its own. */
export async function serveScript(script: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url === '/main.js')
      return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    if (request.url !== '/') return response.writeHead(204).end()
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end('<!doctype html><title>Chat</title><body><script type="module" src="/main.js"></script>')
  })
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
