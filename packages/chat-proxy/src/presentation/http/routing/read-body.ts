import express, { type Request, type Response } from 'express'
import { DomainError } from '../../../domain/errors.js'
import { DEEPEST, problemOfText, problemOfValue, type JsonProblem } from '../../../domain/strict-json.js'

/** Largest body accepted, in bytes: the longest message many times over, and nothing to worry about in memory. */
export const MAX_BODY_BYTES = 256 * 1024

/** Nobody sends so much by mistake. What is less is read to its end, so that whoever sent it reads why it was refused. */
const HOPELESS_BYTES = 16 * MAX_BODY_BYTES

const readRaw = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false })

/**
 * The JSON value of a request's body; `undefined` when there is none.
 * @throws DomainError `invalid-input`, `body-too-large`
 */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > HOPELESS_BYTES) throw tooLarge()
  await new Promise<void>((resolve, reject) => {
    readRaw(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(asDomainError(error)),
    )
  })
  // `Request.body` is declared as `any`.
  const body: unknown = request.body
  // A host application's own parser may have been here first; then the value is ready.
  if (!Buffer.isBuffer(body)) return withoutProblem(body, problemOfValue(body))
  if (body.length === 0) return undefined
  requireJson(request.headers['content-type'])
  return parseJson(body)
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
