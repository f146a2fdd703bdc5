import type { ChatMessage } from '../messages/message.js'
import type { MessageTree } from '../messages/message-tree.js'

type Siblings = ReadonlyMap<string | null, readonly string[]>

/** By the open branch, which is another array whenever the tree has changed: a user interface asks about every message at once. */
const known = new WeakMap<readonly ChatMessage[], Siblings>()

/** Ids of all versions of a message, itself included, oldest first; none when there is no such message. */
export function versionsOf(tree: MessageTree, id: string): readonly string[] {
  const message = tree.get(id)
  if (!message) return []
  const siblings = known.get(tree.path()) ?? siblingsIn(tree)
  known.set(tree.path(), siblings)
  return siblings.get(message.parentId) ?? []
}

function siblingsIn(tree: MessageTree): Siblings {
  const siblings = new Map<string | null, string[]>()
  for (const { id, parentId } of tree.all()) siblings.set(parentId, [...(siblings.get(parentId) ?? []), id])
  return siblings
}
