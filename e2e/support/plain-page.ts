import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { listen, type LocalSite } from './listen.ts'

const FILES = { '/': ['index.html', 'text/html'], '/style.css': ['style.css', 'text/css'] } as const
const isFile = (path: string): path is keyof typeof FILES => path in FILES

/** Serves `examples/plain-page` as a site of its own, whose chat comes from `proxy`. */
export function servePlainPage(proxy: string): Promise<LocalSite> {
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
  return listen(server)
}
