import { askAgain, askBelow, checkContent, fieldsOfParts } from '../chat-client/ask.js'
import type { RunOutcome } from '../chat-client/chat-client.js'
import type { ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import type { Part } from '../chat-client/part.js'
import { ChatError } from '../errors/chat-error.js'
import { isLeftOver } from '../history/stored-conversation.js'
import { isUnsent, type ChatMessage } from '../messages/message.js'
import type { MessageTree } from '../messages/message-tree.js'
import { versionsOf } from './versions-of.js'
import type { Versions } from './versions.js'

/** Regenerated answers and edited questions, each kept beside the older one. */
export const createVersions = (): Part<Versions> => (core) => {
  /** Conversations whose open branch need not be the newest, so that the next question must name what it follows. */
  const branched = new WeakSet<ConversationState>()
  core.hooks.push({
    fieldsFor: (conversation, parentId) =>
      branched.has(conversation) ? parentField(conversation.tree, parentId) : {},
  })
  const { state, store } = core
  const branch = (): void => {
    if (state.open) branched.add(state.open)
  }
  return {
    regenerate(messageId) {
      branch()
      return onceClear(core, messageId, () => askAgain(core, messageId))
    },
    edit(messageId, content) {
      branch()
      return onceClear(core, messageId, () => edit(core, messageId, content))
    },
    of: (messageId) => (state.open ? versionsOf(state.open.tree, messageId) : []),
    select(messageId) {
      branch()
      state.open?.tree.open(messageId)
      store.show()
    },
  }
}

/**
 * Asks now, or when it is known whether the server has the question of `messageId`: a stop that was asked for is settled then, and what an
 * earlier page left on its way is taken up.
 */
function onceClear(
  { state }: ClientCore,
  messageId: string,
  ask: () => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const { open, started } = state
  if (open?.turns.some(({ stop }) => stop.signal.aborted)) return open.ended.then(ask)
  const message = open?.tree.get(messageId)
  const question = message?.role === 'assistant' ? open?.tree.get(message.parentId) : message
  return open && started && question && isLeftOver(open, question) ? started.then(ask) : ask()
}

async function edit(core: ClientCore, questionId: string, content: string): Promise<RunOutcome> {
  checkContent(core, content)
  const conversation = core.state.open
  const old = conversation?.tree.get(questionId)
  if (!conversation || old?.role !== 'user') throw new ChatError('protocol', 'No such message.')
  // A question that never arrived is no message the server could branch from.
  const { parentId } = old
  // Where it stands is said here; what else the parts have to say goes with it.
  const { parent_id: _place, ...told } = fieldsOfParts(core, conversation, parentId)
  const place = isUnsent(old) ? parentField(conversation.tree, parentId) : { edit: questionId }
  return askBelow(core, conversation, { content, parentId }, { ...told, ...place })
}

/** What a question follows, as the server knows it: messages that never arrived are passed over. */
function parentField(tree: MessageTree, parentId: string | null): { parent_id?: string } {
  const parent = tree.branch(parentId).findLast((message) => hasArrived(tree, message))
  return parent ? { parent_id: parent.id } : {}
}

/** An answer has arrived when its question has. */
function hasArrived(tree: MessageTree, message: ChatMessage): boolean {
  const question = message.role === 'user' ? message : tree.get(message.parentId)
  return !question || !isUnsent(question)
}
