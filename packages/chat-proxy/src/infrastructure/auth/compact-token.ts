import { problemOfText } from '../../domain/strict-json.js'

/** A JWT in its compact form, taken apart. Nothing in it is believed before its signature was verified. */
export interface CompactToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  /** Header and payload as JSON text. */
  readonly json: readonly [string, string]
  readonly signature: string
}

/** Longest token that is looked at, in characters. Node takes 16 KiB of headers in all. */
export const LONGEST_TOKEN = 12 * 1024

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** @returns null for what is no JWT of three parts with JSON objects in the first two */
export function readCompactToken(token: string): CompactToken | null {
  if (token.length > LONGEST_TOKEN || !COMPACT.test(token)) return null
  const [head = '', body = '', signature = ''] = token.split('.')
  const json = [textOf(head), textOf(body)] as const
  const [header, payload] = [objectOf(json[0]), objectOf(json[1])]
  return header && payload ? { header, payload, json, signature } : null
}

/** What a header may say. Everything else could only ask for other rules: keys of its own, extensions, nesting. */
const HEADER_NAMES = new Set(['alg', 'kid', 'typ', 'x5t', 'x5t#S256'])
/** An access token may say that it is one (RFC 9068). A logout token or the like must not pass for one. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt'])
const LONGEST_KID = 256

/** Whether header and form are those of an ordinary signed token. What the algorithm may be is for its keys to say. */
export function isOrdinary({ header, json, signature }: CompactToken): boolean {
  const { kid, typ } = header
  return (
    Object.keys(header).every((name) => HEADER_NAMES.has(name)) &&
    (kid === undefined || (typeof kid === 'string' && kid !== '' && kid.length <= LONGEST_KID)) &&
    (typ === undefined || (typeof typ === 'string' && TYPES.has(typ.toLowerCase()))) &&
    isCanonical(signature) &&
    json.every((text) => problemOfText(text) === null)
  )
}

/** Decoders ignore spare bits of the last letter, so that without this a changed token would be as good as the signed one. */
const isCanonical = (base64url: string): boolean =>
  Buffer.from(base64url, 'base64url').toString('base64url') === base64url

const textOf = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('utf8')

function objectOf(json: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json)
    // The only values of JSON that are objects and no arrays.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null
  } catch {
    return null
  }
}
