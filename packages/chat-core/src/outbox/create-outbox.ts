import { heldConversation, type ClientCore } from '../chat-client/client-core.js'
import type { Part } from '../chat-client/part.js'
import { runTurn } from '../chat-client/run-turn.js'
import { newTurn, type Turn } from '../chat-client/turn.js'
import { loadFromStorage, restoredMessage, storedMessage } from '../history/stored-conversation.js'
import { safeStorage } from '../persistence/safe-storage.js'
import type { ChatStorage, OutboxEntry } from '../persistence/storage.js'

export interface OutboxOptions {
  /** Where questions wait; the storage of the history, where there is one. */
  readonly storage: ChatStorage
}

/**
 * Keeps every question from the moment it is asked until the server has it, so that a reload, a crash or a day offline
 * loses none. Questions are sent again under their first ids, which is why none arrives twice.
 */
export const createOutbox =
  (options: OutboxOptions): Part<void> =>
  (core) => {
    const storage = safeStorage(options.storage)
    const drop = ({ runId }: Turn): Promise<void> => storage.write([{ remove: 'outbox', id: runId }])
    core.hooks.push({
      async asked({ id, tree }, { runId, body, questionId, answerId }) {
        const question = tree.get(questionId ?? '')
        const answer = tree.get(answerId)
        if (!body || !question || !answer) return
        const messages = { question: storedMessage(id, question), answer: storedMessage(id, answer) }
        await storage.write([{ put: 'outbox', record: { id: runId, ...messages, body } }])
      },
      async restored() {
        const entries = await storage.list('outbox')
        entries.sort((a, b) => a.question.position - b.question.position)
        for (const entry of entries) await takeUp(core, storage, entry)
      },
      arrived: (_conversation, turn) => void drop(turn),
      ended: (_conversation, turn) => drop(turn),
      signedOut: () => storage.clear(),
    })
  }

/** Asks once more what an earlier page asked and never knew to have arrived, unless it is under way already. */
async function takeUp(core: ClientCore, storage: ChatStorage, entry: OutboxEntry): Promise<void> {
  const { id, question, answer, body } = entry
  const { held } = core.state
  const isKnown = held.has(question.conversationId)
  const conversation = heldConversation(core, question.conversationId)
  held.set(conversation.id, conversation)
  if (!isKnown) await loadFromStorage(storage, conversation)
  if (conversation.turns.some(({ runId }) => runId === id)) return
  conversation.tree.put({ ...restoredMessage(question), status: 'queued' })
  conversation.tree.put({ ...restoredMessage(answer), status: 'sending' })
  const turn = newTurn(id, answer.id, question.id, body)
  turn.progress.maybeSent = true
  void runTurn(core, conversation, turn)
}
