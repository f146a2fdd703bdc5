import { htmlBuilder } from './build-html.js'
import type { HtmlBuilder } from './render-context.js'

let builder: Promise<HtmlBuilder> | undefined

/**
 * Loads the sanitiser; only for sites that allow HTML, so that nobody else pays for it.
 * @throws where the page forbids what it needs, as `trusted-types 'none'` does
 */
export const loadHtmlBuilder = (): Promise<HtmlBuilder> => (builder ??= load())

async function load(): Promise<HtmlBuilder> {
  const { default: createSanitizer } = await import('dompurify')
  const sanitizer = createSanitizer(window)
  // It tells nobody that it may not parse, and leaves nothing of anything then.
  if (!sanitizer.sanitize('<b>x')) throw Error()
  return htmlBuilder((html) => {
    // Null when nothing at all is left, whatever its types say.
    const clean: DocumentFragment | null = sanitizer.sanitize(html, {
      RETURN_DOM_FRAGMENT: true,
      USE_PROFILES: { html: true },
      FORBID_TAGS: 'style form input button template'.split(' '),
      FORBID_ATTR: 'class style id name'.split(' '),
      ALLOW_DATA_ATTR: false,
      ALLOW_ARIA_ATTR: false,
    })
    return clean ?? new DocumentFragment()
  })
}
