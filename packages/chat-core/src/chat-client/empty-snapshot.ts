import type { ChatSnapshot } from './chat-client.js'

/** One and the same, so that nothing new is seen where there is nothing. */
export const NO_MESSAGES: ChatSnapshot['messages'] = []

/** What a client shows before anything happened; for user interfaces that render without one. */
export const EMPTY_SNAPSHOT: ChatSnapshot = {
  phase: 'idle',
  session: null,
  conversationId: null,
  messages: NO_MESSAGES,
  conversations: [],
  loading: false,
  online: true,
  stillWorking: false,
  queuePlace: null,
  error: null,
}
