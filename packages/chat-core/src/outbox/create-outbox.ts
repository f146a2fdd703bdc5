import { forgetAll, onWake, type ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import type { Part } from '../chat-client/part.js'
import { runTurn } from '../chat-client/run-turn.js'
import { settle } from '../chat-client/settle-turn.js'
import type { Turn } from '../chat-client/turn.js'
import { soundStorage } from '../history/sound-storage.js'
import { attachingTurn, isLeftOver, storedMessage } from '../history/stored-conversation.js'
import { safeStorage } from '../persistence/safe-storage.js'
import type { ChatStorage, OutboxEntry, StorageChange } from '../persistence/storage.js'
import type { Outbox } from './outbox.js'
import { stopTurn, takeUpAll } from './take-up.js'

export interface OutboxOptions {
  /** Where questions wait; the storage of the history, where there is one. With users of the site there must be: it knows whose page was here last. */
  readonly storage: ChatStorage
}

/**
 * Keeps every question from the moment it is asked until the server has it, so that a reload, a crash, a day offline or a
 * server that is away loses none. Questions are sent again under their first ids, which is why none arrives twice.
 */
export const createOutbox =
  (options: OutboxOptions): Part<Outbox> =>
  (core) => {
    const storage = soundStorage(safeStorage(core.platform, options.storage))
    options.storage.onCleared?.(() => void forgetAll(core))
    const drop = (runId: string): Promise<void> => storage.write([removed(runId)])
    const dropAll = async (dropped: (entry: OutboxEntry) => readonly StorageChange[]): Promise<void> =>
      storage.write((await storage.list('outbox')).flatMap(dropped))
    /** Turns that were given up here although there is hope for them later. */
    const given = new Map<Turn, ConversationState>()
    let notBefore = 0
    /** Runs that an earlier page left, and that were stopped before they were taken up. */
    const halted = new Set<string>()
    core.hooks.push({
      async asked(conversation, turn) {
        const entry = entryOf(conversation, turn)
        if (!entry) return
        // In one, and at once: what is written for a stop in the same moment comes later.
        const replaced = replacedBy(given, conversation, turn)
        await storage.write([...replaced.map(removed), { put: 'outbox', record: entry }])
      },
      awaited: async () => messagesOf(await storage.list('outbox')),
      caughtUp: () => takeUpAll(core, storage, halted),
      // The page may go before the stop has got anywhere: what reads the outbox next carries it out.
      stopping: (conversation, only) => void storage.write(keepStop(conversation, halted, only)),
      arrived: (_conversation, { runId, stop }) => void (stop.signal.aborted || drop(runId)),
      async ended(conversation, turn) {
        const error = conversation.tree.get(turn.answerId)?.error
        // Asked again meanwhile, under the same ids.
        if (conversation.turns.some(({ runId }) => runId === turn.runId)) return
        if (isStopUntold(conversation, turn)) return
        if (turn.progress.acknowledged || turn.stop.signal.aborted || !error?.retryable)
          return drop(turn.runId)
        given.set(turn, conversation)
        notBefore = Math.max(notBefore, core.platform.now() + (error.retryAfter ?? 0))
      },
      removed: (id) =>
        void dropAll((entry) => (entry.question.conversationId === id ? [removed(entry.id)] : [])),
      forgotten: () => storage.write([{ clear: true }]),
    })
    onWake(core, () => {
      if (!core.platform.isOnline() || core.platform.now() < notBefore || given.size === 0) return
      given.clear()
      void takeUpAll(core, storage, halted)
    })
    return {
      async cancel(messageId) {
        takeBack(core, given, messageId)
        await dropAll((entry) =>
          messagesOf([entry]).includes(messageId) && canBeDropped(entry, halted) ? takenBack(entry) : [],
        )
      },
    }
  }

/** The server need not be told of it. It may be on its way from storage to be asked: then it is stopped there. */
function canBeDropped({ id, stopped }: OutboxEntry, halted: Set<string>): boolean {
  if (!stopped) halted.add(id)
  return stopped !== 'unclear'
}

/** Nobody asks it any more, also where nobody has taken it up yet. */
const takenBack = ({ id, question, answer }: OutboxEntry): StorageChange[] => [
  removed(id),
  ...[question, answer].flatMap((record): StorageChange[] =>
    record.status === 'sent' ? [] : [{ put: 'messages', record: { ...record, status: 'stopped' } }],
  ),
]

const removed = (id: string): StorageChange => ({ remove: 'outbox', id })

/** What keeps a stop: of one turn, or of all that the conversation waits for. */
function keepStop(conversation: ConversationState, halted: Set<string>, only?: Turn): StorageChange[] {
  if (only) return stoppedEntry(conversation, only)
  const left = leftTurns(conversation)
  for (const { runId } of left) halted.add(runId)
  return [...conversation.turns, ...left].flatMap((turn) => stoppedEntry(conversation, turn))
}

/** Keeps a turn that is being stopped, if it can be. */
function stoppedEntry(conversation: ConversationState, turn: Turn): StorageChange[] {
  const entry = entryOf(conversation, turn)
  const { acknowledged, maybeSent } = turn.progress
  const stopped = acknowledged || maybeSent ? 'unclear' : 'unsent'
  return entry ? [{ put: 'outbox', record: { ...entry, stopped } }] : []
}

/** What an earlier page asked, and nobody has taken up yet; the server may know. */
const leftTurns = (conversation: ConversationState): Turn[] =>
  conversation.tree.all().flatMap((message) => {
    const { id, runId } = message
    return runId && isLeftOver(conversation, message) ? [attachingTurn(runId, id)] : []
  })

const messagesOf = (entries: readonly OutboxEntry[]): string[] =>
  entries.flatMap(({ question, answer }) => [question.id, answer.id])

const turnsOf = ({ state }: ClientCore): (readonly [Turn, ConversationState])[] =>
  [...state.held.values()].flatMap((held) => held.turns.map((turn) => [turn, held] as const))

/** It was stopped, and the server may go on with it, because it could not be told yet. */
const isStopUntold = ({ parked }: ConversationState, { stop, answerId }: Turn): boolean =>
  stop.signal.aborted && parked.has(answerId)

/** Stops the turns whose question or answer this is. */
function takeBack(core: ClientCore, given: Map<Turn, ConversationState>, messageId: string): void {
  for (const [turn, conversation] of [...given, ...turnsOf(core)])
    if ([turn.questionId, turn.answerId].includes(messageId)) {
      given.delete(turn)
      stopWaiting(core, conversation, turn)
    }
}

function stopWaiting(core: ClientCore, conversation: ConversationState, turn: Turn): void {
  if (turn.progress.acknowledged) return
  stopTurn(core, conversation, turn)
  // The one that is being sent ends by itself; the others would not be heard of before their time has come.
  if (conversation.turns[0] !== turn) settle(conversation, turn, turn.stop.signal.reason)
  // One that was given up may have got there all the same.
  if (!conversation.turns.includes(turn)) void runTurn(core, conversation, turn)
  core.store.show()
}

/** What to keep of a turn; nothing where its question is not known here. */
function entryOf(
  { id, tree }: ConversationState,
  { runId, body, questionId, answerId }: Turn,
): OutboxEntry | null {
  const answer = tree.get(answerId)
  const question = tree.get(questionId ?? answer?.parentId)
  if (!question || !answer) return null
  return { id: runId, question: storedMessage(id, question), answer: storedMessage(id, answer), body }
}

/** Runs that were given up and are not to be tried again, because the same question was asked anew or in other words. */
function replacedBy(
  given: Map<Turn, ConversationState>,
  conversation: ConversationState,
  asked: Turn,
): string[] {
  const { tree } = conversation
  const parentOf = ({ questionId }: Turn): string | null | undefined => tree.get(questionId)?.parentId
  const replaced = [...given].flatMap(([turn, at]) =>
    at.id === conversation.id && parentOf(turn) === parentOf(asked) ? [turn] : [],
  )
  for (const turn of replaced) given.delete(turn)
  return replaced.map(({ runId }) => runId)
}
