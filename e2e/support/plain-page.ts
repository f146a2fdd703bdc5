import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const FILES = { '/': ['index.html', 'text/html'], '/style.css': ['style.css', 'text/css'] } as const
const isFile = (path: string): path is keyof typeof FILES => path in FILES

/** Serves `examples/plain-page` as a site of its own, whose chat comes from `proxy`. */
export async function servePlainPage(proxy: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (path === '/favicon.ico') return response.writeHead(204).end()
    if (!isFile(path)) return response.writeHead(404).end()
    const [name, type] = FILES[path]
    const text = readFileSync(new URL(`../../examples/plain-page/${name}`, import.meta.url), 'utf8')
    return response
      .writeHead(200, { 'content-type': type })
      .end(text.replaceAll('http://localhost:8787', proxy))
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
