import { ID_PATTERN, isId } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import { DomainError } from '../../../domain/errors.js'

/** Schemas of fields that several endpoints share. */

const ID_RULE = 'must be 6 to 64 characters of A-Z, a-z, 0-9, "_" and "-"'

export const id = z.string().regex(ID_PATTERN, ID_RULE)

/** In a path any text is taken; what cannot be an id is not found, like any other unknown one. */
export const idParams = z.object({ id: z.string() })

/** A whole number in a query string. */
export const wholeNumber = ({ min, max, or }: { min: number; max: number; or: number }): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(or)
    .meta({ type: 'integer', minimum: min, maximum: max, default: or })

/** What a field that tells kinds of objects apart must be; what else is wrong has the usual words. */
export const noneOf =
  (words: string) =>
  ({ code }: { readonly code: string }): string | undefined =>
    code === 'invalid_union' ? words : undefined

/** Which part of a long list. */
export const pageQuery = z.strictObject({
  page: wholeNumber({ min: 1, max: 1_000_000, or: 1 }),
  page_size: wholeNumber({ min: 1, max: 100, or: 20 }),
})

export const conversationFields = {
  title: z.string().max(200).optional(),
  mode: z.enum(['open', 'rag']).optional(),
  document_ids: z.array(id).max(100).optional(),
}

/** How a stream is written; the same wherever a stream can be asked for. */
export const streamQuery = z.strictObject({
  format: z.enum(['openai', 'ui']).default('openai'),
  padding: z.enum(['0', '1']).default('0'),
})

/**
 * The id of the run, from the body or from `Idempotency-Key`. The header's value may be quoted, as its specification writes it.
 * @throws DomainError `invalid-input`
 */
export function runIdOf(field: string | undefined, header: string | null): string | undefined {
  if (header === null) return field
  const key = header.replace(/^"(.*)"$/, '$1')
  if (!isId(key)) {
    throw new DomainError('invalid-input', `Idempotency-Key: ${ID_RULE}`)
  }
  if (field !== undefined && field !== key) {
    throw new DomainError(
      'invalid-input',
      'run_id and Idempotency-Key name different runs. Send one of them.',
    )
  }
  return key
}
