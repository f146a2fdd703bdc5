// One process: the chat proxy, and beside it a website that has the chat on it.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@colloquy/chat-proxy'
import express from 'express'

const pages = fileURLToPath(new URL('site', import.meta.url))
const widget = dirname(fileURLToPath(import.meta.resolve('@colloquy/chat-widget/widget.js')))

/** As strict as a site can be: nothing from elsewhere, nothing inline. The chat needs no exception. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const FOR_OTHER_SITES = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}

await serve({
  site(app, { isDemo }) {
    app.use((_request, response, next) => {
      response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
      next()
    })
    app.get('/about.json', (_request, response) => response.json({ isDemo }))
    app.use(express.static(pages))
    // Other sites may load the widget from here: scripts of modules are fetched with CORS.
    app.use('/widget', express.static(widget, { setHeaders: (response) => response.set(FOR_OTHER_SITES) }))
  },
})
