import type { ChatError } from '@colloquy/chat-core'

const deadlines = new WeakMap<ChatError, number>()

/**
 * When the wait that an error asks for is over, in milliseconds since 1970; null when it asks for none. The time counts from
 * the first call, so call it when the error comes.
 */
export function deadlineOf(error: ChatError): number | null {
  if (error.retryAfter === undefined) return null
  const known = deadlines.get(error) ?? Date.now() + error.retryAfter
  deadlines.set(error, known)
  return known
}

/** The error says that this person has asked too much for now: nothing else can be asked either. */
export const isLimit = ({ code }: ChatError): boolean => code === 'rate_limited' || code === 'quota'
