import { ChatError } from '../errors/chat-error.js'
import { branchHistory } from '../messages/branch-history.js'
import type { StorageChange } from '../persistence/storage.js'
import { driveRun } from '../run/drive-run.js'
import type { RunOutcome } from './chat-client.js'
import type { ClientContext } from './client-context.js'
import { storedMessage, type ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import { rememberedRung, rememberRung } from './remembered-rung.js'
import { markQuestion, outcomeOf, settle } from './settle-turn.js'
import { stopOnServer } from './stop-on-server.js'
import type { Turn } from './turn.js'

/** Runs turns: one at a time in each conversation, in the order they were given. */
export interface TurnRunner {
  /** Resolves when the turn has ended, however; never rejects. */
  run(conversation: ConversationState, turn: Turn): Promise<RunOutcome>
  /** Asks for the end of every turn of the conversation. Resolves when all have ended. */
  stop(conversation: ConversationState): Promise<void>
  /** Turns whose run went on on the server when contact was lost; `retry` reads on instead of asking anew. */
  readonly parked: Map<string, Turn>
}

export function createTurnRunner(context: ClientContext): TurnRunner {
  const tails = new WeakMap<ConversationState, Promise<unknown>>()
  const parked = new Map<string, Turn>()

  function run(conversation: ConversationState, turn: Turn): Promise<RunOutcome> {
    conversation.turns = [...conversation.turns, turn]
    context.store.touch()
    const before = tails.get(conversation) ?? Promise.resolve()
    const outcome = before.then(() => runOne(context, conversation, turn, parked))
    tails.set(conversation, outcome)
    return outcome
  }

  async function stop(conversation: ConversationState): Promise<void> {
    for (const turn of conversation.turns) requestStop(context, turn)
    await tails.get(conversation)
  }

  return { run, stop, parked }
}

function requestStop(context: ClientContext, turn: Turn): void {
  if (turn.stop.signal.aborted) return
  turn.stop.abort(new ChatError('stopped', 'The answer was stopped.'))
  // A run that the server knows ends by its own terminal event, which the stream under way will bring.
  if (turn.progress.acknowledged) void stopOnServer(context, turn)
}

async function runOne(
  context: ClientContext,
  conversation: ConversationState,
  turn: Turn,
  parked: Map<string, Turn>,
): Promise<RunOutcome> {
  parked.delete(turn.answerId)
  let failure: ChatError | null = null
  try {
    if (turn.stop.signal.aborted && !turn.progress.acknowledged) throw turn.stop.signal.reason
    await drive(context, conversation, turn)
  } catch (error) {
    failure =
      error instanceof ChatError ? error : new ChatError('protocol', 'The answer failed.', { cause: error })
    if (failure.code === 'stopped' && turn.progress.maybeSent) await stopOnServer(context, turn)
  }
  const message = settle(conversation, turn, failure)
  if (message.status === 'failed' && turn.progress.acknowledged && !turn.progress.end)
    parked.set(message.id, turn)
  conversation.turns = conversation.turns.filter((other) => other !== turn)
  if (!context.signal.aborted) await keep(context, conversation, turn)
  context.store.touch()
  context.store.flush()
  return { status: outcomeOf(message.status), message, error: message.error }
}

async function drive(context: ClientContext, conversation: ConversationState, turn: Turn): Promise<void> {
  const { transport, platform, session, policy, signal, store } = context
  const { progress } = turn
  await driveRun({
    transport,
    platform,
    policy,
    progress,
    signal,
    stopSignal: turn.stop.signal,
    token: (renew) => session.token(renew),
    rung: await rememberedRung(context),
    onRung: (rung) => rememberRung(context, rung),
    prepare: (token, tryOf) => createOnServer(context, conversation, { token, signal: tryOf }),
    send: turn.body && {
      conversationId: conversation.id,
      body: turn.body,
      history: branchHistory(conversation.tree, turn.questionId ?? turn.answerId),
    },
    onProgress: () => {
      if (turn.trouble || !isStarted(conversation, turn)) onFirstNews(context, conversation, turn)
      store.touch()
    },
    onTrouble: (error) => {
      turn.trouble = error
      store.touch()
    },
  })
}

const isStarted = (conversation: ConversationState, turn: Turn): boolean =>
  conversation.tree.get(turn.answerId)?.status === 'streaming' &&
  turn.answerId === (turn.progress.messageId ?? turn.answerId)

/** The first event, or the first after trouble: the server has the question, and may have named things. */
function onFirstNews(context: ClientContext, conversation: ConversationState, turn: Turn): void {
  const { progress } = turn
  turn.trouble = null
  conversation.error = null
  conversation.onServer = true
  if (progress.messageId && progress.messageId !== turn.answerId) {
    conversation.tree.rename(turn.answerId, progress.messageId)
    turn.answerId = progress.messageId
  }
  if (progress.title && progress.title !== conversation.title) rename(context, conversation, progress.title)
  markQuestion(conversation, turn, 'sent')
  takeUpProgress(conversation)
  if (turn.stop.signal.aborted) void stopOnServer(context, turn)
}

function rename(context: ClientContext, conversation: ConversationState, title: string): void {
  conversation.title = title
  const { id, createdAt } = conversation
  const others = context.state.conversations.filter((other) => other.id !== id)
  context.state.conversations = [{ id, title, createdAt, updatedAt: context.platform.now() }, ...others]
}

async function createOnServer(
  { transport, store }: ClientContext,
  conversation: ConversationState,
  call: { token: string; signal: AbortSignal },
): Promise<void> {
  if (conversation.onServer || !transport.server) return
  await transport.server.createConversation(call, { id: conversation.id })
  conversation.onServer = true
  store.touch()
}

async function keep(
  { storage, platform }: ClientContext,
  conversation: ConversationState,
  turn: Turn,
): Promise<void> {
  const { id, title, createdAt, tree } = conversation
  const messages = [turn.questionId, turn.answerId].flatMap((messageId) => tree.get(messageId ?? '') ?? [])
  await storage.write([
    { put: 'conversations', record: { id, title, createdAt, updatedAt: platform.now() } },
    ...messages.map((message): StorageChange => ({ put: 'messages', record: storedMessage(id, message) })),
  ])
}
