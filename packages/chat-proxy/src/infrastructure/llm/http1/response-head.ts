import { BrokenAnswer } from './broken-answer.js'

/** Where the body of an answer ends (RFC 9112, 6.3). */
export type Framing =
  | { readonly kind: 'sized'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

export interface ResponseHead {
  readonly status: number
  /** By lower-case name; what stands in several lines is joined by commas. */
  readonly headers: ReadonlyMap<string, string>
  readonly framing: Framing
  /** Milliseconds for which the connection may be kept for another request; 0: not at all. */
  readonly keepMs: number
}

/** Servers close connections that nobody uses; most of them, that do not say so, after five seconds or more. */
const KEEP_MS = 4_000
const LONGEST_KEEP_MS = 600_000
/** A request must not meet the end of the connection on its way. */
const KEEP_MARGIN_MS = 1_000

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** @param text status line and headers, without the empty line behind them @throws BrokenAnswer */
export function parseHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, status] = STATUS_LINE.exec(first) ?? []
  if (minor === undefined || status === undefined) throw new BrokenAnswer('The answer has no status line.')
  const headers = fieldsOf(lines)
  const isModern = minor === '1'
  const framing = framingOf(Number(status), headers, isModern)
  const isKept = isModern && framing.kind !== 'until-close' && !namesClose(headers.get('connection'))
  const keepMs = isKept ? keptFor(headers.get('keep-alive')) : 0
  return { status: Number(status), headers, framing, keepMs }
}

function fieldsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).toLowerCase()
    const value = line.slice(colon + 1)
    if (!NAME.test(name) || !VALUE.test(value)) throw new BrokenAnswer('A header of the answer is none.')
    const known = headers.get(name)
    headers.set(name, known === undefined ? value.trim() : `${known}, ${value.trim()}`)
  }
  return headers
}

/** What says two things about where the body ends is refused: somebody else may read it in another way. */
function framingOf(status: number, headers: ReadonlyMap<string, string>, isModern: boolean): Framing {
  if (status < 200 || status === 204 || status === 304) return { kind: 'sized', bytes: 0 }
  const coding = headers.get('transfer-encoding')
  const length = headers.get('content-length')
  if (coding !== undefined) {
    if (!isModern || length !== undefined || coding.toLowerCase() !== 'chunked')
      throw new BrokenAnswer('The body of the answer is transferred in a way that is not understood.')
    return { kind: 'chunked' }
  }
  if (length === undefined) return { kind: 'until-close' }
  const bytes = /^\d{1,15}$/.test(length) ? Number(length) : null
  if (bytes === null) throw new BrokenAnswer('The length of the answer is no number.')
  return { kind: 'sized', bytes }
}

const namesClose = (connection = ''): boolean =>
  connection.split(',').some((option) => option.trim().toLowerCase() === 'close')

function keptFor(hint = ''): number {
  const seconds = /(?:^|[,\s])timeout=(\d{1,9})/i.exec(hint)?.[1]
  if (seconds === undefined) return KEEP_MS
  return Math.max(0, Math.min(Number(seconds) * 1000 - KEEP_MARGIN_MS, LONGEST_KEEP_MS))
}
