import type { LogFields } from '../../domain/ports/logger.js'
import { describeError } from './describe-error.js'

/** What each field must be. Typed by `LogFields`, so that a new field does not compile until it is judged here. */
const KINDS: Record<keyof LogFields, 'text' | 'number' | 'error'> = {
  requestId: 'text',
  tenantId: 'text',
  runId: 'text',
  conversationId: 'text',
  method: 'text',
  route: 'text',
  status: 'number',
  durationMs: 'number',
  provider: 'text',
  model: 'text',
  code: 'text',
  count: 'number',
  port: 'number',
  error: 'error',
}

const LONGEST_TEXT = 200

/** The fields that may be logged, in a fixed order. Whatever else the object holds is left out. */
export function allowedFields(fields: LogFields): Record<string, unknown> {
  const allowed: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(KINDS)) {
    // The keys of KINDS are those of LogFields; the value is taken as unknown and judged below.
    const value: unknown = fields[name as keyof LogFields]
    if (kind === 'text' && typeof value === 'string') allowed[name] = value.slice(0, LONGEST_TEXT)
    if (kind === 'number' && typeof value === 'number') allowed[name] = value
    if (kind === 'error' && value !== undefined) allowed[name] = describeError(value)
  }
  return allowed
}
