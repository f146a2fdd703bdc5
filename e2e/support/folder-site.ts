import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { listen, type LocalSite } from './listen.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** Serves the files of a folder on `localhost`, as whatever people have for that does. */
export function serveFolder(folder: string): Promise<LocalSite> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (path === '/favicon.ico') return void response.writeHead(204).end()
    readFile(join(folder, path)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? '' }).end(body),
      () => response.writeHead(404).end(),
    )
  })
  return listen(server)
}
