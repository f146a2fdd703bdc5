import { CHAT_SHAPE, LAUNCHER_CSS } from '../chat-launcher/launcher-css.js'
import { LOADER_CSS } from './loader-css.js'

/** Methods that a page may call before the widget is there. They are done once it is, in the order of the calls. */
const METHODS = ['open', 'close', 'toggle', 'send', 'newConversation', 'identify', 'setContext'] as const

const SVG = 'http://www.w3.org/2000/svg'

/** The element before its code is there, with the methods that stand in. */
export type Waiting = HTMLElement & Partial<Record<(typeof METHODS)[number], (...args: unknown[]) => unknown>>

/**
 * Stands in for `<chat-widget>` until its code is there: draws the launcher, keeps what the page asks of it, and fetches
 * the code with the first sign that somebody wants to chat. The element takes over its shadow root, and its place.
 */
export function prepare(element: Waiting, load: () => Promise<unknown>): void {
  if (element.shadowRoot || customElements.get('chat-widget')) return
  for (const name of METHODS) element[name] = later(element, name, load)
  const root = element.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(LOADER_CSS + LAUNCHER_CSS)
  root.adoptedStyleSheets = [sheet]
  const start = (): void => void load().catch(() => {})
  if (element.matches('[mode=inline],[open]')) start()
  else root.append(launcher(element, start))
  // Safari has no idle callbacks; a moment after everything else is as good.
  if (element.matches('[preload=idle]')) (window.requestIdleCallback ?? setTimeout)(start)
}

/** The method that waits for the real one of its name. What a page tells on every page is no reason to fetch it. */
function later(waiting: Waiting, name: (typeof METHODS)[number], load: () => Promise<unknown>) {
  return async (...args: unknown[]): Promise<unknown> => {
    await (name === 'setContext' ? customElements.whenDefined('chat-widget') : load())
    for (const each of METHODS) delete waiting[each]
    return waiting[name]?.(...args)
  }
}

function launcher(waiting: Waiting, start: () => void): Element {
  const button = document.createElement('button')
  Object.assign(button, {
    // In most languages a word of theirs; there is no room for all the others here.
    ariaLabel: waiting.getAttribute('label') || 'Chat',
    part: 'launcher',
    onpointerenter: start,
    onfocus: start,
    async onclick() {
      button.ariaBusy = 'true'
      try {
        await waiting.open?.()
      } catch {
        button.ariaBusy = null
        button.textContent = '↻'
      }
    },
  })
  // What is no colour scheme, `auto` for one, is ignored.
  button.style.colorScheme = waiting.getAttribute('theme') || ''
  button.append(icon())
  return button
}

/** The page's own, if it has one in the slot, else ours. */
function icon(): Element {
  const slot = document.createElement('slot')
  const svg = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  svg.setAttribute('viewBox', '0 0 24 24')
  path.setAttribute('d', CHAT_SHAPE)
  svg.append(path)
  slot.append(svg)
  slot.name = 'launcher'
  return slot
}
