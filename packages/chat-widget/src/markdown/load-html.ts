import { htmlBuilder } from './build-html.js'
import type { HtmlBuilder } from './render-context.js'

/** Loads the sanitiser; only for sites that allow HTML, so that nobody else pays for it. */
export async function loadHtmlBuilder(): Promise<HtmlBuilder> {
  const { default: createSanitizer } = await import('dompurify')
  const sanitizer = createSanitizer(window)
  return htmlBuilder((html) => {
    // Null when nothing at all is left, whatever its types say.
    const clean: DocumentFragment | null = sanitizer.sanitize(html, {
      RETURN_DOM_FRAGMENT: true,
      USE_PROFILES: { html: true },
      FORBID_TAGS: [
        'style',
        'form',
        'input',
        'button',
        'textarea',
        'select',
        'option',
        'svg',
        'math',
        'template',
      ],
      FORBID_ATTR: ['class', 'style', 'id', 'name'],
      ALLOW_DATA_ATTR: false,
      ALLOW_ARIA_ATTR: false,
    })
    return clean ?? document.createDocumentFragment()
  })
}
