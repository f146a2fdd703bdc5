import { ChatError } from '../errors/chat-error.js'
import { branchHistory } from '../messages/branch-history.js'
import type { StorageChange } from '../persistence/storage.js'
import { driveRun, type DriveOptions } from '../run/drive-run.js'
import { abortReason } from '../run/wait.js'
import type { RunOutcome } from './chat-client.js'
import type { ClientContext } from './client-context.js'
import { storedMessage, type ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import { rememberedRung, rememberRung } from './remembered-rung.js'
import { markQuestion, outcomeOf, settle } from './settle-turn.js'
import { stopOnServer } from './stop-on-server.js'
import { createTeller } from './turn-teller.js'
import type { Turn } from './turn.js'

/** Runs turns: one at a time in each conversation, in the order they were given. */
export class TurnRunner {
  readonly #context: ClientContext
  readonly #tails = new WeakMap<ConversationState, Promise<unknown>>()
  readonly #driven = new Set<Turn>()
  /** Turns whose run went on on the server when contact was lost; a retry reads on instead of asking anew. */
  readonly parked = new Map<string, Turn>()

  constructor(context: ClientContext) {
    this.#context = context
  }

  /** Resolves when the turn has ended, however; never rejects. */
  run(conversation: ConversationState, turn: Turn): Promise<RunOutcome> {
    this.parked.delete(turn.answerId)
    conversation.turns = [...conversation.turns, turn]
    this.#context.store.touch()
    // Kept before its turn comes, because the page may be gone by then.
    const kept = this.#keepInOutbox(conversation, turn)
    const before = this.#tails.get(conversation) ?? Promise.resolve()
    const outcome = before.then(() => kept).then(() => this.#runOne(conversation, turn))
    this.#tails.set(conversation, outcome)
    return outcome
  }

  /** Asks for the end of every turn of the conversation. Resolves when all have ended. */
  async stop(conversation: ConversationState): Promise<void> {
    for (const turn of conversation.turns) {
      this.#requestStop(turn)
      this.#context.tabs.tell({ type: 'stop', runId: turn.runId })
    }
    await this.#tails.get(conversation)
  }

  /** Asks for the end of one run, because another tab did. */
  stopRun(runId: string): void {
    for (const { turns } of this.#context.state.held.values()) {
      for (const turn of turns) if (turn.runId === runId) this.#requestStop(turn)
    }
  }

  /** Whether this client holds the run's connection, rather than following another tab. */
  drives(turn: Turn): boolean {
    return this.#driven.has(turn)
  }

  /** The turn's progress moved. */
  noteProgress(conversation: ConversationState, turn: Turn): void {
    if (turn.trouble || !isStarted(conversation, turn)) onFirstNews(this.#context, conversation, turn)
    this.#context.store.touch()
  }

  #requestStop(turn: Turn): void {
    if (turn.stop.signal.aborted) return
    turn.stop.abort(new ChatError('stopped', 'The answer was stopped.'))
    // A run that the server knows ends by its own terminal event, which the stream under way will bring.
    if (turn.progress.acknowledged) void stopOnServer(this.#context, turn)
  }

  async #runOne(conversation: ConversationState, turn: Turn): Promise<RunOutcome> {
    const { tabs, signal } = this.#context
    const failure = await tabs
      .lead(`run/${turn.runId}`, signal, () => this.#drive(conversation, turn))
      .then(() => null, asChatError)
    if (failure?.code === 'stopped' && turn.progress.maybeSent) await stopOnServer(this.#context, turn)
    return this.#finish(conversation, turn, failure)
  }

  async #finish(conversation: ConversationState, turn: Turn, failure: ChatError | null): Promise<RunOutcome> {
    const { store, signal, outbox, transport } = this.#context
    const message = settle(conversation, turn, failure)
    const isLost = message.status === 'failed' && turn.progress.acknowledged && !turn.progress.end
    // Where nobody keeps runs there is nothing to read on from.
    if (isLost && transport.server) this.parked.set(message.id, turn)
    conversation.turns = conversation.turns.filter((other) => other !== turn)
    if (!signal.aborted) {
      await outbox.drop(turn.runId)
      await keep(this.#context, conversation, turn)
    }
    store.touch()
    store.flush()
    return { status: outcomeOf(message.status), message, error: message.error }
  }

  async #keepInOutbox(conversation: ConversationState, turn: Turn): Promise<void> {
    const { body, questionId, answerId, runId } = turn
    if (!body || questionId === null) return
    const createdAt = conversation.tree.get(answerId)?.createdAt ?? 0
    await this.#context.outbox.put({
      id: runId,
      conversationId: conversation.id,
      questionId,
      answerId,
      body,
      createdAt,
    })
  }

  async #drive(conversation: ConversationState, turn: Turn): Promise<void> {
    const context = this.#context
    // The tab that drove it before brought it to its end.
    if (turn.progress.end) return
    if (turn.stop.signal.aborted && !turn.progress.acknowledged) throw abortReason(turn.stop.signal)
    const teller = createTeller(context, turn)
    this.#driven.add(turn)
    try {
      await driveRun({
        ...context,
        ...driveCalls(context, conversation, turn),
        stopSignal: turn.stop.signal,
        rung: await rememberedRung(context),
        onProgress: () => {
          this.noteProgress(conversation, turn)
          teller.onProgress()
        },
      })
      teller.flush()
    } finally {
      this.#driven.delete(turn)
      teller.stop()
    }
  }
}

/** What a drive asks of this client. */
function driveCalls(
  context: ClientContext,
  conversation: ConversationState,
  turn: Turn,
): Pick<DriveOptions, 'progress' | 'send' | 'token' | 'prepare' | 'onRung' | 'onSlow' | 'onTrouble'> {
  return {
    progress: turn.progress,
    send: turn.body && {
      conversationId: conversation.id,
      body: turn.body,
      history: branchHistory(conversation.tree, turn.questionId ?? turn.answerId),
    },
    token: (renew) => context.session.token(renew),
    prepare: (token, signal) => createOnServer(context, conversation, { token, signal }),
    onRung: (rung) => rememberRung(context, rung),
    onSlow: (isSlow) => {
      turn.isSlow = isSlow
      context.store.touch()
    },
    onTrouble: (error) => {
      turn.trouble = error
      context.store.touch()
    },
  }
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
  void context.outbox.drop(turn.runId)
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

const asChatError = (error: unknown): ChatError =>
  error instanceof ChatError ? error : new ChatError('protocol', 'The answer failed.', { cause: error })
