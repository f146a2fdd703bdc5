/**
 * What `widget.js` is: a few lines that find out where they came from, draw the launcher, and fetch the widget from
 * beside themselves with the first sign of interest. When the script tag itself is the embed, they make the element
 * too. Runs as a classic script and as a module, any number of times.
 */
import { prepare, type Waiting } from './waiting-element.js'

// A classic script is told which tag it came from, a module is not. None of them is inside an SVG image.
const script = (document.currentScript ??
  document.querySelector('script[type=module][src*="/widget.js"]')) as HTMLScriptElement | null
if (script) start(script)

function start({ src, dataset }: HTMLScriptElement): void {
  let address = new URL('chat-widget.js', src).href
  let loading: Promise<unknown> | null = null
  const load = (): Promise<unknown> =>
    (loading ??= import(address).catch((reason: unknown) => {
      // Browsers remember a module that did not come; another address asks again.
      address += '?'
      loading = null
      throw reason
    }))
  const prepareAll = (): void =>
    document.querySelectorAll<Waiting>('chat-widget').forEach((element) => prepare(element, load))
  const begin = (): void => {
    if (!document.querySelector('chat-widget')) embed(dataset, new URL(src).origin)
    prepareAll()
    // Pages that write themselves add the element later.
    new MutationObserver(prepareAll).observe(document, { childList: true, subtree: true })
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin)
  else begin()
}

/** Makes the element that the tag stands for, each `data-` attribute one of its own. */
function embed(data: DOMStringMap, origin: string): void {
  const widget = document.createElement('chat-widget')
  widget.setAttribute('proxy', origin)
  // Keys alone: pages extend `Object.prototype`.
  for (const name of Object.keys(data)) widget.setAttribute(name.replace(/[A-Z]/g, '-$&'), data[name] || '')
  document.body.append(widget)
}
