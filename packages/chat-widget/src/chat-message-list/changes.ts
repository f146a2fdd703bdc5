import type { ChatMessage } from '@colloquy/chat-core'

/** Messages came before those that were there. */
function hasOlder([first]: readonly ChatMessage[], after: readonly ChatMessage[]): boolean {
  return first !== undefined && first.id !== after[0]?.id && after.some(({ id }) => id === first.id)
}

/** Another conversation, or another question. */
export function isOtherEnd(before: readonly ChatMessage[], after: readonly ChatMessage[]): boolean {
  if (before[0]?.id !== after[0]?.id && !hasOlder(before, after)) return true
  const lastQuestion = (messages: readonly ChatMessage[]): string | undefined =>
    messages.findLast(({ role }) => role === 'user')?.id
  return lastQuestion(before) !== lastQuestion(after)
}

/** An answer that was being written before and is not any more. */
export function endedSince(
  before: readonly ChatMessage[],
  after: readonly ChatMessage[],
): ChatMessage | undefined {
  const open = ({ role, status }: ChatMessage): boolean =>
    role === 'assistant' && (status === 'sending' || status === 'streaming')
  const wereOpen = new Set(before.filter(open).map(({ id }) => id))
  return after.find((message) => wereOpen.has(message.id) && !open(message))
}
