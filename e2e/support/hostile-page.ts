import { createServer } from 'node:http'
import { listen, type LocalSite } from './listen.ts'

/** Rules as they are found on old and on careless pages, and worse. */
const STYLE = `
  * { all: unset !important; font-size: 41px !important; line-height: 3 !important; color: lime !important;
    letter-spacing: 9px !important; text-transform: uppercase !important; text-indent: 40px !important;
    text-shadow: 2px 2px red !important; white-space: nowrap !important; cursor: wait !important;
    word-spacing: 20px !important; text-align: right !important; visibility: hidden !important;
    pointer-events: none !important; font-family: cursive !important; font-style: italic !important; }
  html { font-size: 62px !important }
  chat-widget { transform: none; opacity: 1 }
  button, textarea, p, h2, div, svg, dialog { display: none !important; width: 1px !important }
`

/** Scripts that change what everybody's code stands on, as libraries of the past did. */
const SCRIPT = `
  Object.prototype.title = function () { return 'polluted' }
  Object.prototype.extra = { enumerable: true }
  Array.prototype.toJSON = function () { return 'joined' }
  Array.prototype.each = function () {}
  String.prototype.includes = function (part) { return this.indexOf(part) > -1 }
  Function.prototype.method = function () {}
  Element.prototype.toggle = function () {}
  HTMLElement.prototype.send = function () { throw new Error('not yours') }
  window.$ = window.jQuery = () => { throw new Error('not yours') }
  window.name = 'chat-widget'
  const add = EventTarget.prototype.addEventListener
  EventTarget.prototype.addEventListener = function (type, listener, options) { return add.call(this, type, listener, options) }
  const send = window.fetch
  window.fetch = function (...args) { return send.apply(window, args).then((response) => response) }
  window.define = function () { throw new Error('this is no AMD module') }
  window.define.amd = true
  window.exports = {}
  window.module = {}
`

/** A site that does its worst to what it embeds, with the chat of `proxy` in it; `/clean` is the same page without. */
export function serveHostilePage(proxy: string): Promise<LocalSite> {
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(204).end()
    const hostile = request.url === '/' ? `<style>${STYLE}</style><script>${SCRIPT}</script>` : ''
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(
        `<!doctype html><html lang="en"><head><title>A page</title>${hostile}</head><body><h1>A page</h1>` +
          `<script type="module" src="${proxy}/widget/widget.js" data-proxy="${proxy}"></script></body></html>`,
      )
  })
  return listen(server)
}
