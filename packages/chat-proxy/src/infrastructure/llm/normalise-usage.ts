import type { Usage } from '@colloquy/chat-core/protocol'
import { fieldsOf, type Fields } from './fields.js'

/**
 * The provider's count of tokens, from the place that OpenAI defined, or from where Groq (`x_groq`) and Moonshot (the
 * choice) put it. `null` when nothing usable is there.
 */
export function normaliseUsage(chunk: Fields, choice: Fields): Usage | null {
  const places = [chunk['usage'], choice['usage'], fieldsOf(chunk['x_groq'])?.['usage']]
  const usage = places.map(fieldsOf).find((fields) => fields !== undefined)
  if (!usage) return null
  const [prompt, completion, total] = ['prompt_tokens', 'completion_tokens', 'total_tokens'].map((name) =>
    countOf(usage[name]),
  )
  if (prompt === undefined && completion === undefined) return null
  return {
    prompt_tokens: prompt ?? 0,
    completion_tokens: completion ?? 0,
    total_tokens: total ?? (prompt ?? 0) + (completion ?? 0),
  }
}

/**
 * In one call, above what any model can take in. More is no count; and counters add up what is counted here, for as long as a month, to
 * sums that have to stay exact.
 */
const MOST_TOKENS = 1_000_000_000

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS
    ? value
    : undefined
