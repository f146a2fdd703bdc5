import { decodeEntities } from './entities.js'

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])
const HAS_SCHEME = /^(?:https?:\/\/|mailto:|tel:)/i
/** Text that a reader takes for an address, whatever stands around it. */
const LOOKS_LIKE_ADDRESS =
  /^[\s\p{P}]*(?:https?:\/\/)?((?:[\p{L}\p{M}\p{N}-]+\.)+[\p{L}\p{M}]{2,})(?:[/?#:]\S*)?[\s\p{P}]*$/iu
/**
 * A part of a host that is not what it looks like, after the example of browsers' own rules: Cyrillic or Greek among Latin letters, or
 * nothing but such letters of these two as look Latin, where the host does not end in their script itself.
 */
const HOMOGRAPH =
  /(?<![^.])(?:(?=[^.]*\p{Script=Latin})[^.]*[\u0370-\u052f]|(?=[\d-]*[^\d.-])[аеорсухіјѕԁһӏԛԝѵαικνορυ\d-]+\.(?:[^.]+\.)*[a-z]+$)/iu
/** What nobody sees. */
const INVISIBLE = /\p{Cf}/gu
/** So much of a label is looked at, in UTF-16 code units: longer than any host, and short enough for all ways to match it. */
const LOOKED_AT = 300

/**
 * The address a link of an answer may lead to, or null when it may not be a link: another scheme than http, https,
 * mailto or tel, no scheme at all (it would act on the page around the chat), or a user name before the host.
 */
export function safeUrl(href: string): URL | null {
  const text = decodeEntities(href).trim()
  if (!HAS_SCHEME.test(text)) return null
  const url = parseUrl(text)
  if (!url || !SCHEMES.has(url.protocol) || url.username !== '' || url.password !== '') return null
  return url
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** True when `label` reads as the address of another host than the one that `url` leads to, be it only by its letters. */
export function isLookAlike(label: string, url: URL): boolean {
  const shown = LOOKS_LIKE_ADDRESS.exec(label.replace(INVISIBLE, '').slice(0, LOOKED_AT))?.[1]
  if (shown === undefined) return false
  const host = parseUrl(`https://${shown}`)?.hostname
  return host === undefined || withoutWww(host) !== withoutWww(url.hostname) || HOMOGRAPH.test(shown)
}

const withoutWww = (host: string): string => host.replace(/^www\./, '')

/** True when the site allows images of this address's host. Only https, only the exact host. */
export function isAllowedImage(url: URL, hosts: ReadonlySet<string>): boolean {
  return url.protocol === 'https:' && hosts.has(url.host)
}
