import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { listen, type LocalSite } from '../../e2e/support/listen.js'
import { named } from '../peers/bundles.js'
import { launch } from '../widget/measure.js'
import { bundledPage } from '../widget/peer-pages/bundled.js'

/** The pages in `peer-pages`. */
export type PeerName = 'streamdown' | 'deep-chat' | 'nlux' | 'marked-dompurify'

interface PeerKind {
  /** With its version. */
  readonly name: string
  /** What else has to be said of how it looks. */
  readonly look?: string
  /** It can be waited for the end of what it streams. */
  readonly streams: boolean
}

export const PEERS: Readonly<Record<PeerName, PeerKind>> = {
  streamdown: { name: named('streamdown'), look: 'without Tailwind', streams: true },
  'deep-chat': { name: named('deep-chat'), streams: true },
  nlux: { name: named('@nlux/core'), look: 'without a theme', streams: false },
  'marked-dompurify': { name: `${named('marked')} with ${named('dompurify')}`, streams: true },
}

// Its keys are these.
export const NAMES = Object.keys(PEERS) as readonly PeerName[]

/** A browser from which no name leads anywhere. */
export const launchAlone = (): Promise<Browser> =>
  launch(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'])

/** A site with a bare page for each peer, at its name; the page's scripts lie in a folder of that name. */
export function servePeers(): Promise<LocalSite> {
  const server = createServer((request, response) => {
    const [, name, file] = (request.url ?? '').split('/')
    const peer = NAMES.find((each) => each === name)
    if (peer && file === undefined)
      return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(peer))
    const entry = join(import.meta.dirname, 'peer-pages', `${peer}.ts`)
    const script = peer && file ? bundledPage(entry, file) : Promise.resolve(undefined)
    void script.then((text) =>
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/javascript' }).end(text),
    )
  })
  return listen(server)
}

const pageOf = (peer: PeerName): string =>
  `<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,">` +
  `<body><h1>A page</h1><main></main><script type="module" src="/${peer}/${peer}.js"></script></body></html>`
