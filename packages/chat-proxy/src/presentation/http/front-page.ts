import type { RequestHandler } from 'express'
import { markup } from './html/markup.js'
import { pagePolicy } from './html/page-policy.js'
import { requestIdOf } from './routing/request-id.js'
import { setStandardHeaders } from './routing/standard-headers.js'

const STYLE = markup`
:root { color-scheme: light dark }
body { margin: 4rem auto; padding: 0 1.5rem; max-width: 38rem; font: 16px/1.6 system-ui, sans-serif }
dt { margin-top: 1rem; font-weight: 600 }
dd { margin: 0 }
`
const POLICY = pagePolicy(STYLE)

/**
 * What the root of a server that is nothing but a proxy shows to whoever looks: that it runs, and where to go on. It tells nobody which
 * version it is, and nothing of its configuration but what every page can try.
 *
 * @param hasWidget the widget's script is served beside it
 */
export function frontPage({ hasWidget }: { readonly hasWidget: boolean }): RequestHandler {
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Colloquy</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Colloquy is running</h1>
<p>This is the server of a chat. The chat itself is on the pages of the sites that use it.</p>
<dl>
<dt><a href="readyz">/readyz</a></dt>
<dd>whether it can answer, with each thing that it depends on</dd>
<dt><a href="healthz">/healthz</a></dt>
<dd>whether the process lives</dd>
<dt><a href="docs">/docs</a></dt>
<dd>every call of its API; for tools as <a href="openapi.json">/openapi.json</a></dd>
${hasWidget ? WIDGET : []}
</dl>
</body>
</html>
`
  return (request, response) => {
    setStandardHeaders(response, requestIdOf(request))
    response.setHeader('content-security-policy', POLICY)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text)
  }
}

const WIDGET = markup`<dt><a href="widget/widget.js">/widget/widget.js</a></dt>
<dd>the script that puts the chat on a page</dd>`
