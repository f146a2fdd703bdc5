import { createServer } from 'node:http'
import { listen, type LocalSite } from './listen.ts'

/** Serves an empty page with one module script, as a site of its own. */
export function serveScript(script: string): Promise<LocalSite> {
  const server = createServer((request, response) => {
    if (request.url === '/main.js')
      return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    if (request.url !== '/') return response.writeHead(204).end()
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end('<!doctype html><title>Chat</title><body><script type="module" src="/main.js"></script>')
  })
  return listen(server)
}
