import { tellParts, type ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import type { Part } from '../chat-client/part.js'
import { requestStop } from '../chat-client/run-turn.js'
import { settle } from '../chat-client/settle-turn.js'
import type { Turn } from '../chat-client/turn.js'
import { storedMessage } from '../history/stored-conversation.js'
import { safeStorage } from '../persistence/safe-storage.js'
import type { ChatStorage, OutboxEntry, StorageChange } from '../persistence/storage.js'
import type { Outbox } from './outbox.js'
import { takeUpAll } from './take-up.js'

export interface OutboxOptions {
  /** Where questions wait; the storage of the history, where there is one. */
  readonly storage: ChatStorage
}

/**
 * Keeps every question from the moment it is asked until the server has it, so that a reload, a crash, a day offline or a
 * server that is away loses none. Questions are sent again under their first ids, which is why none arrives twice.
 */
export const createOutbox =
  (options: OutboxOptions): Part<Outbox> =>
  (core) => {
    const storage = safeStorage(core.platform, options.storage)
    const drop = (...runIds: string[]): Promise<void> =>
      storage.write(runIds.map((id): StorageChange => ({ remove: 'outbox', id })))
    const dropAll = async (isMeant: (entry: OutboxEntry) => boolean): Promise<void> => {
      const entries = await storage.list('outbox')
      await drop(...entries.filter(isMeant).map(({ id }) => id))
    }
    /** Turns that were given up here although there is hope for them later. */
    const given = new Map<Turn, ConversationState>()
    let notBefore = 0
    core.hooks.push({
      async asked(conversation, turn) {
        const entry = entryOf(conversation, turn)
        if (!entry) return
        await drop(...replacedBy(given, conversation, turn))
        await storage.write([{ put: 'outbox', record: entry }])
      },
      awaited: async () => messagesOf(await storage.list('outbox')),
      caughtUp: () => takeUpAll(core, storage),
      arrived: (_conversation, { runId }) => void drop(runId),
      async ended(conversation, turn) {
        const error = conversation.tree.get(turn.answerId)?.error
        // Asked again meanwhile, under the same ids.
        if (conversation.turns.some(({ runId }) => runId === turn.runId)) return
        if (turn.progress.acknowledged || turn.stop.signal.aborted || !error?.retryable)
          return drop(turn.runId)
        given.set(turn, conversation)
        notBefore = Math.max(notBefore, core.platform.now() + (error.retryAfter ?? 0))
      },
      removed: (id) => void dropAll(({ question }) => question.conversationId === id),
      signedOut: () => storage.clear(),
    })
    const stopListening = core.platform.onWake(() => {
      if (!core.platform.isOnline() || core.platform.now() < notBefore || given.size === 0) return
      given.clear()
      void takeUpAll(core, storage)
    })
    core.signal.addEventListener('abort', stopListening)
    return {
      async cancel(messageId) {
        const isMeant = (turn: Turn): boolean => [turn.questionId, turn.answerId].includes(messageId)
        for (const [turn, conversation] of [...given, ...turnsOf(core)])
          if (isMeant(turn)) {
            given.delete(turn)
            stopWaiting(core, conversation, turn)
          }
        await dropAll(({ question, answer }) => [question.id, answer.id].includes(messageId))
      },
    }
  }

const messagesOf = (entries: readonly OutboxEntry[]): string[] =>
  entries.flatMap(({ question, answer }) => [question.id, answer.id])

const turnsOf = ({ state }: ClientCore): (readonly [Turn, ConversationState])[] =>
  [...state.held.values()].flatMap((held) => held.turns.map((turn) => [turn, held] as const))

function stopWaiting(core: ClientCore, conversation: ConversationState, turn: Turn): void {
  if (turn.progress.acknowledged) return
  void requestStop(core, conversation, turn)
  void tellParts(core, 'stopping', turn)
  // The one that is being sent ends by itself; the others would not be heard of before their time has come.
  if (conversation.turns[0] !== turn) settle(conversation, turn, turn.stop.signal.reason)
  core.store.show()
}

/** What to keep of a turn that asks something; a turn that only reads has nothing to be kept. */
function entryOf(
  { id, tree }: ConversationState,
  { runId, body, questionId, answerId }: Turn,
): OutboxEntry | null {
  const question = tree.get(questionId ?? '')
  const answer = tree.get(answerId)
  if (!body || !question || !answer) return null
  return { id: runId, question: storedMessage(id, question), answer: storedMessage(id, answer), body }
}

/** Runs that were given up and are not to be tried again, because the same question was asked anew or in other words. */
function replacedBy(
  given: Map<Turn, ConversationState>,
  conversation: ConversationState,
  asked: Turn,
): string[] {
  const { tree } = conversation
  const parentOf = ({ questionId }: Turn): string | null | undefined => tree.get(questionId ?? '')?.parentId
  const replaced = [...given].flatMap(([turn, at]) =>
    at.id === conversation.id && parentOf(turn) === parentOf(asked) ? [turn] : [],
  )
  for (const turn of replaced) given.delete(turn)
  return replaced.map(({ runId }) => runId)
}
