import { isAllowedImage, isLookAlike, safeUrl } from './links.js'
import type { RenderContext } from './render-context.js'

/**
 * Makes a link of `label` (a detached element whose children are the words) where it may be one, else gives
 * `label` back; where that looks like the address of another host, with the true one behind it.
 * @param named the label already tells where it leads.
 */
export function linkOver(label: HTMLElement, href: string, named: boolean): HTMLElement {
  const url = safeUrl(href)
  if (!url) return label
  if (!named && isLookAlike(label.textContent, url)) {
    if (url.host !== '') label.append(` (${url.host})`)
    return label
  }
  const link = newLink(url)
  link.append(...label.childNodes)
  return link
}

function newLink(url: URL): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = url.href
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow'
  // The reader sees where it leads before following it.
  link.title = url.href
  return link
}

/** An image only from a host that the site lists; else a link that names the host, and no request. */
export function imageOver(description: string, href: string, context: RenderContext): HTMLElement {
  const url = safeUrl(href)
  if (url && isAllowedImage(url, context.imageHosts)) return newImage(url, description)
  const words = document.createElement('span')
  const isWeb = url !== null && url.host !== ''
  words.textContent = isWeb ? `${description || context.strings.image} (${url.host})` : description
  const link = linkOver(words, isWeb ? href : '', true)
  link.className = 'image-link'
  return link
}

function newImage(url: URL, description: string): HTMLImageElement {
  const image = document.createElement('img')
  image.alt = description
  image.loading = 'lazy'
  image.decoding = 'async'
  image.referrerPolicy = 'no-referrer'
  image.src = url.href
  return image
}
