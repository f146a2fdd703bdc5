/**
 * What `widget.js` is: a few lines that find out where they came from, fetch the widget from beside themselves, and
 * put it on the page when the script tag itself is the embed. Runs as a classic script and as a module, any number
 * of times.
 */
const ATTRIBUTES = [
  'proxy',
  'publishable-key',
  'open',
  'mode',
  'theme',
  'heading',
  'placeholder',
  'greeting',
  'allow-html',
  'image-hosts',
] as const

const script = findScript()
if (script) {
  const main = new URL('chat-widget.js', script.src)
  void import(main.href)
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', () => embed(script), { once: true })
  } else embed(script)
}

function findScript(): HTMLScriptElement | undefined {
  if (document.currentScript instanceof HTMLScriptElement) return document.currentScript
  // A module is not told which tag it came from.
  return [...document.querySelectorAll<HTMLScriptElement>('script[type="module"][src]')].find((candidate) =>
    new URL(candidate.src, document.baseURI).pathname.endsWith('/widget.js'),
  )
}

/** Makes the element that the tag stands for; a page that has one already needs none. */
function embed({ dataset, src }: HTMLScriptElement): void {
  if (document.querySelector('chat-widget')) return
  const widget = document.createElement('chat-widget')
  widget.setAttribute('proxy', new URL(src).origin)
  for (const name of ATTRIBUTES) {
    const value = dataset[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]
    if (value) widget.setAttribute(name, value)
    else if (value === '' && name !== 'proxy') widget.setAttribute(name, '')
  }
  document.body.append(widget)
}
