import type { ChatMessage, ChatSnapshot } from '@colloquy/chat-core'
import { ChatErrorEvent, ChatMessageEvent, ChatSessionEvent } from './events.js'

const ENDED: ReadonlySet<ChatMessage['status']> = new Set([
  'done',
  'stopped',
  'interrupted',
  'failed',
  'blocked',
])
const LEAVING: ReadonlySet<ChatMessage['status']> = new Set(['queued', 'sending'])

/** What the page is told when the state went from `before` to `after`. */
export function eventsBetween(before: ChatSnapshot, after: ChatSnapshot): Event[] {
  const events: Event[] = []
  if (after.session && after.session !== before.session) events.push(new ChatSessionEvent(after.session))
  if (after.messages !== before.messages) events.push(...messageEvents(before.messages, after.messages))
  if (after.error && after.error !== before.error) events.push(new ChatErrorEvent(after.error))
  return events
}

function messageEvents(before: readonly ChatMessage[], after: readonly ChatMessage[]): Event[] {
  // While an answer is written this is asked for every frame, of conversations that may be long: only their end differs.
  const firstChanged = Math.max(
    0,
    after.findIndex((message, index) => message !== before[index]),
  )
  const known = new Map(before.slice(firstChanged).map((message) => [message.id, message]))
  return after
    .slice(firstChanged)
    .filter((message) => {
      const old = known.get(message.id)
      if (message.role === 'user') return !old && LEAVING.has(message.status)
      return old !== undefined && !ENDED.has(old.status) && ENDED.has(message.status)
    })
    .map((message) => new ChatMessageEvent(message))
}
