import type { ConversationState } from '../chat-client/conversation-state.js'
import { isPlaced, type Turn } from '../chat-client/turn.js'

/**
 * Questions that several tabs asked below the same message, each before it knew of the other: the server takes them one
 * after the other, so those that have not arrived go behind the one that has. What is shown stays shown.
 */
export function lineUp({ tree, turns }: ConversationState, { answerId }: Turn): void {
  const first = tree.get(tree.get(answerId)?.parentId)
  const last = tree.last()
  for (const { questionId, body, progress } of turns) {
    const question = tree.get(questionId)
    if (!first || !last || !question || progress.acknowledged || isPlaced(body)) continue
    if (question.id === first.id || question.parentId !== first.parentId) continue
    tree.put({ ...question, parentId: answerId })
    tree.open(last.id)
  }
}
