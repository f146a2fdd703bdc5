// One process: the chat proxy, and beside it a website that has the chat on it.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve, widgetFiles } from '@colloquy/chat-proxy'
import express from 'express'

const pages = fileURLToPath(new URL('site', import.meta.url))
const widget = dirname(fileURLToPath(import.meta.resolve('@colloquy/chat-widget/widget.js')))

const NO_POLICIES = "'none'"

/**
 * As strict as a site can be: nothing from elsewhere, nothing inline. The chat needs no exception.
 *
 * @param {string} trustedTypes names of the Trusted Types policies that scripts may make
 */
const contentSecurityPolicy = (trustedTypes) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes}`,
  ].join('; ')

/** The other examples, each under its name. */
const EXAMPLES = {
  strict: { folder: '../strict-page', trustedTypes: NO_POLICIES },
  shop: { folder: '../shop', trustedTypes: NO_POLICIES },
  playground: { folder: '../theme-playground', trustedTypes: NO_POLICIES },
  react: { folder: '../react-app/site', trustedTypes: NO_POLICIES },
  // Vue itself asks for a policy of this name when it loads.
  vue: { folder: '../vue-app/site', trustedTypes: 'vue' },
}

/** @returns {express.RequestHandler} */
const withPolicy = (/** @type {string} */ trustedTypes) => (_request, response, next) => {
  response.setHeader('content-security-policy', contentSecurityPolicy(trustedTypes))
  next()
}

await serve({
  site(app, { isDemo }) {
    app.use(withPolicy(NO_POLICIES))
    app.get('/about.json', (_request, response) => response.json({ isDemo }))
    app.use(express.static(pages))
    for (const [name, { folder, trustedTypes }] of Object.entries(EXAMPLES)) {
      const files = express.static(fileURLToPath(new URL(folder, import.meta.url)))
      app.use(`/examples/${name}`, withPolicy(trustedTypes), files)
    }
    app.use('/widget', widgetFiles(widget))
  },
})
