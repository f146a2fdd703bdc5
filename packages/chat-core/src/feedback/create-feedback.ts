import type { Part } from '../chat-client/part.js'
import { request } from '../chat-client/request.js'
import { ChatError } from '../errors/chat-error.js'
import type { ChatMessage } from '../messages/message.js'
import { sendableText, type FeedbackRequest, type WireMessage } from '../protocol/index.js'
import type { Feedback } from './feedback.js'

/** Thumbs up and down, with a word on why. */
export const createFeedback = (): Part<Feedback> => (core) => ({
  async rate(messageId, rating, comment) {
    const { tree } = core.state.open ?? {}
    const before = tree?.get(messageId)
    if (!tree || before?.role !== 'assistant' || !core.transport.server)
      throw new ChatError('protocol', 'No such message.')
    const show = (feedback: ChatMessage['feedback']): void => {
      const message = tree.get(messageId)
      if (message) tree.put({ ...message, feedback })
      core.store.show()
    }
    const createdAt = new Date(core.platform.now()).toISOString()
    const body: FeedbackRequest = { rating, ...(comment && { comment: sendableText(comment) }) }
    show({ rating, comment: comment ?? null, created_at: createdAt })
    try {
      const stored = await request<WireMessage>(core, 'POST', `/messages/${messageId}/feedback`, body)
      show(stored?.feedback)
    } catch (error) {
      show(before.feedback)
      throw error
    }
  },
})
