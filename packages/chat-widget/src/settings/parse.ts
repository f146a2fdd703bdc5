import { ChatError } from '@colloquy/chat-core'
import { warnOnce } from './warn.js'

export type ChatMode = 'launcher' | 'fullscreen' | 'inline'
export type ChatExtra = (typeof EXTRAS)[number]
export type ChatTheme = 'auto' | 'light' | 'dark'

/** What an answer can have beside Markdown, each with code of its own. */
const EXTRAS = ['highlight', 'math'] as const

/** `value` when it is one of `allowed`, else the first of them and a warning. */
export function oneOf<const T extends string>(
  name: string,
  value: unknown,
  allowed: readonly [T, ...T[]],
): T {
  const known = allowed.find((item) => item === value)
  if (known !== undefined) return known
  if (value !== undefined && value !== null && value !== '') {
    warnOnce(`${name}=${JSON.stringify(value)} is not one of ${allowed.join(', ')}; using ${allowed[0]}.`)
  }
  return allowed[0]
}

/**
 * How an attribute that is there or not says yes or no. `"false"` is no, which plain HTML would not say but people write; the setting
 * may be one that opens a door.
 */
export function flag(value: string | null): boolean {
  if (value === null || value === 'false') return false
  if (value !== '' && value !== 'true')
    warnOnce(`${JSON.stringify(value)} is no value of an attribute that is there or not.`)
  return value === '' || value === 'true'
}

/** @throws ChatError `protocol` when a page without types gives something else to a method */
export function expectText(value: unknown, method: string, what: string): asserts value is string {
  if (typeof value !== 'string') throw new ChatError('protocol', `${method}() takes ${what} as text.`)
}

/** `value` when it is text, else no text and a warning. */
export function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (value !== undefined && value !== null)
    warnOnce(`${name} is ${typeof value}, and must be text; ignored.`)
  return ''
}

/** `value` when it has every one of `methods`, else null and a warning. */
export function capable<T extends object>(
  name: string,
  value: T | null,
  methods: readonly (keyof T & string)[],
): T | null {
  if (value === null || value === undefined) return null
  const missing = methods.find((method) => Reflect.get(Object(value), method) === undefined)
  if (missing === undefined) return value
  warnOnce(`${name} has no ${missing}; ignored.`)
  return null
}

/** The proxy's address without a slash at its end. Those that begin with a slash or a dot are taken from the page; bad ones fall back to it. */
export function parseProxy(value: unknown, page: string): string {
  const fallback = new URL(page).origin
  if (value === undefined || value === null || value === '') return fallback
  // What is neither would be a path of the page: a host without its `https://`, most of the time.
  const isAddress = typeof value === 'string' && /^\s*(https?:|[./])/i.test(value)
  const url = isAddress && URL.canParse(value, page) ? new URL(value, page) : null
  if (!url) {
    warnOnce(`proxy=${JSON.stringify(value)} is not an http(s) address; using ${fallback}.`)
    return fallback
  }
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

const HOST = /^(?:[a-z\d-]+\.)*[a-z\d-]+(?::\d{1,5})?$/

/** Hosts separated by blanks or commas. What is not a host is left out, with a warning. */
export function parseHosts(value: unknown): ReadonlySet<string> {
  const hosts = (typeof value === 'string' ? value : '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((host) => host !== '')
  const isHost = (host: string): boolean => {
    if (HOST.test(host)) return true
    warnOnce(`image-hosts: ${JSON.stringify(host)} is no host name.`)
    return false
  }
  return new Set(hosts.filter(isHost))
}

/** Extras separated by blanks or commas. What is none is left out, with a warning. */
export function parseExtras(value: unknown): ReadonlySet<ChatExtra> {
  const words = (typeof value === 'string' ? value : '').split(/[\s,]+/).filter((word) => word !== '')
  const extras = words.flatMap((word) => EXTRAS.find((extra) => extra === word) ?? [])
  if (extras.length < words.length) {
    warnOnce(`extras=${JSON.stringify(value)} may name ${EXTRAS.join(', ')}, and nothing else.`)
  }
  return new Set(extras)
}
