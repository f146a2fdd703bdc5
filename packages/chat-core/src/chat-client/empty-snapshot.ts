import type { ChatSnapshot } from './chat-client.js'

/** What a client shows before anything happened; for user interfaces that render without one. */
export const EMPTY_SNAPSHOT: ChatSnapshot = {
  phase: 'idle',
  session: null,
  conversationId: null,
  messages: [],
  conversations: [],
  loading: false,
  online: true,
  stillWorking: false,
  queuePlace: null,
  error: null,
}
