import express, { type Request, type Response } from 'express'
import { DomainError } from '../../../domain/errors.js'
import { DEEPEST, problemOfText, problemOfValue, type JsonProblem } from '../../../domain/strict-json.js'

/** Largest body accepted, in bytes: the longest message many times over, and nothing to worry about in memory. */
export const MAX_BODY_BYTES = 256 * 1024

/** Nobody sends so much by mistake. What is less is read for a moment, so that whoever sent it reads why it was refused. */
const HOPELESS_BYTES = 16 * MAX_BODY_BYTES
const MOMENT_MS = 1_000

const readRaw = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false })

/**
 * The JSON value of a request's body; `undefined` when there is none.
 * @throws DomainError `invalid-input`, `body-too-large`
 */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  const told = Number(request.headers['content-length'] ?? Infinity)
  if (told !== Infinity && told > HOPELESS_BYTES) throw tooLarge()
  const reading = read(request, response)
  await (told > MAX_BODY_BYTES ? Promise.race([reading, refusedAsItComes(request, reading)]) : reading)
  // `Request.body` is declared as `any`.
  const body: unknown = request.body
  // A host application's own parser may have been here first; then the value is ready.
  if (!Buffer.isBuffer(body)) return withoutProblem(body, problemOfValue(body))
  if (body.length === 0) return undefined
  requireJson(request.headers['content-type'])
  return parseJson(body)
}

const read = (request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    readRaw(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(asDomainError(error)),
    )
  })

/** Rejects when the body is hopeless, or a moment after it became too large; never when it is read before. */
function refusedAsItComes(request: Request, reading: Promise<void>): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = (): void => reject(tooLarge())
    let bytes = 0
    let moment: NodeJS.Timeout | undefined
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) moment ??= setTimeout(refuse, MOMENT_MS).unref()
      if (bytes > HOPELESS_BYTES) refuse()
    }
    const stop = (): void => {
      clearTimeout(moment)
      request.off('data', count)
    }
    request.on('data', count)
    reading.then(stop, stop)
  })
}

function requireJson(contentType: string | undefined): void {
  if (/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType ?? '')) return
  throw new DomainError('invalid-input', 'Content-Type: send the body as application/json in UTF-8.')
}

function parseJson(body: Buffer): unknown {
  const { text, value } = parsed(body)
  return withoutProblem(value, problemOfText(text))
}

function parsed(body: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return { text, value: JSON.parse(text) }
  } catch (cause) {
    throw new DomainError('invalid-input', 'The body is not valid JSON in UTF-8.', { cause })
  }
}

const PROBLEMS: Readonly<Record<JsonProblem, string>> = {
  'repeated-name': 'The body has an object in which a name stands twice.',
  prototype: 'The body has a field that is called __proto__.',
  'unstorable-text': 'The body has text with U+0000 or half of a surrogate pair. Send well-formed text.',
  'too-deep': `The body is nested more than ${DEEPEST} levels deep.`,
}

function withoutProblem(value: unknown, problem: JsonProblem | null): unknown {
  if (problem) throw new DomainError('invalid-input', PROBLEMS[problem])
  return value
}

/** `type` of an error of the body reader, and what to tell the caller. Its own words name the library. */
const REFUSALS: Readonly<Record<string, string>> = {
  'encoding.unsupported': 'Content-Encoding: send the body without compression.',
  'request.size.invalid': 'The body is not as long as Content-Length says.',
  'request.aborted': 'The body ended early.',
}

function asDomainError(error: unknown): unknown {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined
  if (type === 'entity.too.large') return tooLarge(error)
  const detail = typeof type === 'string' ? REFUSALS[type] : undefined
  return detail === undefined ? error : new DomainError('invalid-input', detail, { cause: error })
}

const tooLarge = (cause?: unknown): DomainError =>
  new DomainError(
    'body-too-large',
    `The body is larger than ${MAX_BODY_BYTES / 1024} KiB. Send less at once.`,
    { cause },
  )
