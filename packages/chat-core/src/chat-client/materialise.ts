import type { StartResponse } from '../protocol/index.js'
import type { ChatPhase, ChatSnapshot, SessionInfo } from './chat-client.js'
import type { ClientState } from './client-core.js'
import type { ConversationState } from './conversation-state.js'
import { NO_MESSAGES } from './empty-snapshot.js'
import type { Turn } from './turn.js'

/** The snapshot for the state as it is now; `current` is the one before, if any. Keeps the reference of every part that did not change. */
export function materialise(current: ChatSnapshot | null, state: ClientState, online: boolean): ChatSnapshot {
  const { open } = state
  if (open) takeUpProgress(open)
  const turn = open?.turns[0]
  const next: ChatSnapshot = {
    phase: phaseOf(turn),
    session: state.session,
    conversationId: open?.id ?? null,
    messages: open?.tree.path() ?? NO_MESSAGES,
    conversations: state.conversations,
    loading: state.loads > 0,
    online,
    stillWorking: turn?.isSlow ?? false,
    queuePlace: turn?.progress.told.queue?.position || null,
    error: open?.error ?? state.error,
  }
  const keys = Object.keys(next) as (keyof ChatSnapshot)[] // the keys of a literal of this very type
  return current && keys.every((key) => current[key] === next[key]) ? current : next
}

/** Moves the text that streamed in since the last time into the messages. */
export function takeUpProgress(conversation: ConversationState): void {
  for (const { answerId, progress } of conversation.turns) {
    const message = conversation.tree.get(answerId)
    if (!message || !progress.acknowledged) continue
    const { text: content, end } = progress
    const isNew = message.content !== content
    // A run that is read again from its beginning catches up behind the text that is shown already.
    if (isNew && !end && message.content.startsWith(content)) continue
    if (isNew || message.status !== 'streaming')
      conversation.tree.put({ ...message, content, status: 'streaming' })
  }
}

function phaseOf(turn: Turn | undefined): ChatPhase {
  if (!turn) return 'idle'
  if (!turn.progress.acknowledged) return 'sending'
  return turn.trouble ? 'reconnecting' : 'streaming'
}

/** Everything but the token, which is nobody's business. */
export const sessionInfo = ({
  visitor_id: visitorId,
  token: _token,
  expires_at: _expiresAt,
  ...info
}: StartResponse): SessionInfo => ({ visitorId, ...info })
