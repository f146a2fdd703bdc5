import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { RequestHandler, Response } from 'express'

const SCRIPT = /^\/([\w-][\w.-]*\.js)$/

interface Kept {
  readonly changedAt: number
  readonly body: Promise<Buffer>
}

/**
 * The scripts of a folder for whoever takes gzip. Each is compressed when it is first asked for, and again when its file has changed.
 * Everything else, also what cannot be read, is the next handler's.
 */
export function gzippedScripts(
  folder: string,
  setHeaders: (response: Response, path: string) => void,
): RequestHandler {
  const gzipped = keptByFile()
  return async (request, response, next) => {
    const [, name] = SCRIPT.exec(request.path) ?? []
    if (name === undefined || !['GET', 'HEAD'].includes(request.method)) return next()
    response.vary('accept-encoding')
    if (!request.acceptsEncodings('gzip')) return next()
    const path = join(folder, name)
    const body = await gzipped(path).catch(() => null)
    if (body === null) return next()
    setHeaders(response, path)
    response.set('content-encoding', 'gzip').type('js').send(body)
  }
}

function keptByFile(): (path: string) => Promise<Buffer> {
  const kept = new Map<string, Kept>()
  return async (path) => {
    const { mtimeMs: changedAt } = await stat(path)
    const known = kept.get(path)
    if (known?.changedAt === changedAt) return known.body
    const body = readFile(path).then((script) => promisify(gzip)(script, { level: 9 }))
    kept.set(path, { changedAt, body })
    // What could not be read is tried again, and not remembered.
    body.catch(() => kept.delete(path))
    return body
  }
}
