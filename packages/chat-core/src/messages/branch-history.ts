import type { ChatMessage } from './message.js'
import type { MessageTree } from './message-tree.js'

/** The way from the first message to `id`, both included, as roles and texts. */
export function branchHistory(
  tree: MessageTree,
  id: string,
): { role: 'user' | 'assistant'; content: string }[] {
  const branch: { role: 'user' | 'assistant'; content: string }[] = []
  let message: ChatMessage | undefined = tree.get(id)
  while (message) {
    if (message.content !== '') branch.push({ role: message.role, content: message.content })
    message = message.parentId === null ? undefined : tree.get(message.parentId)
  }
  return branch.toReversed()
}
