import { ChatError } from '../errors/chat-error.js'
import { conversationFromWire } from '../messages/from-wire.js'
import type { ClientContext } from './client-context.js'
import { newConversationState, type ConversationState } from './conversation-state.js'
import { loadFromServer, loadFromStorage, parkInterrupted } from './load-conversation.js'
import { turnFromOutbox } from './turn-from-outbox.js'
import type { TurnRunner } from './turn-runner.js'

/** Id of the stored value that names the open conversation. */
const OPEN_ID = 'open'

/** Which conversation is open, and which there are. */
export class Conversations {
  readonly #context: ClientContext
  readonly #runner: TurnRunner
  #started: Promise<void> | null = null

  constructor(context: ClientContext, runner: TurnRunner) {
    this.#context = context
    this.#runner = runner
  }

  /** Restores what storage has, then makes sure of a session. Once; after a failure the next call tries again. */
  start(): Promise<void> {
    this.#started ??= this.#loading(() => this.#start())
    return this.#started
  }

  /** A new conversation, open, with an id of its own. */
  begin(): ConversationState {
    const { platform } = this.#context
    const conversation = newConversationState(platform.newId('c'), platform.now())
    this.open(conversation)
    return conversation
  }

  /** Shows a conversation, or with `null` an empty page. Answers under way in the one before go on. */
  open(conversation: ConversationState | null): void {
    const { state, store, storage } = this.#context
    const previous = state.open
    if (previous && previous !== conversation && previous.turns.length === 0) state.held.delete(previous.id)
    if (conversation) state.held.set(conversation.id, conversation)
    state.open = conversation
    store.touch()
    store.flush()
    const change = conversation
      ? { put: 'meta' as const, record: { id: OPEN_ID, value: conversation.id } }
      : { remove: 'meta' as const, id: OPEN_ID }
    void storage.write([change])
  }

  /** Opens the branch of another version; the next question follows it. */
  selectVersion(messageId: string): void {
    const { state, store } = this.#context
    if (!state.open) return
    state.open.tree.select(messageId)
    state.open.switched = true
    store.touch()
    store.flush()
  }

  /** Opens a stored or remote conversation: what storage has at once, then what the server says. */
  async load(id: string): Promise<void> {
    const { state, store, platform } = this.#context
    const conversation = state.held.get(id) ?? newConversationState(id, platform.now())
    this.open(conversation)
    await this.#loading(async () => {
      await loadFromStorage(this.#context, conversation)
      store.touch()
      store.flush()
      await this.#reconcile(conversation)
    })
  }

  /** Fetches the list of conversations. A failure is shown in the snapshot. */
  async list(): Promise<void> {
    const { transport, session, signal, state } = this.#context
    const { server } = transport
    if (!server) return
    await this.#loading(async () => {
      try {
        const page = await server.listConversations({ token: await session.token(false), signal }, 1)
        state.conversations = page.conversations.map(conversationFromWire)
      } catch (error) {
        state.error = asChatError(error)
      }
    })
  }

  /** Deletes on the server, then here. @throws ChatError when the server refuses or cannot be reached */
  async remove(id: string): Promise<void> {
    const { state, storage, transport, session, signal, tabs } = this.#context
    const held = state.held.get(id)
    if (held) await this.#runner.stop(held)
    try {
      await transport.server?.deleteConversation({ token: await session.token(false), signal }, id)
    } catch (error) {
      if (!isGone(error)) throw error
    }
    this.drop(id)
    tabs.tell({ type: 'removed', conversationId: id })
    await storage.write([{ removeConversation: id }])
  }

  /** Lets go of a conversation that was deleted. */
  drop(id: string): void {
    const { state, store } = this.#context
    state.conversations = state.conversations.filter((conversation) => conversation.id !== id)
    state.held.delete(id)
    if (state.open?.id === id) this.open(null)
    store.touch()
    store.flush()
  }

  /** Lets go of everything, because this visitor's session ended. */
  dropAll(): void {
    const { state, session } = this.#context
    this.#runner.parked.clear()
    state.held.clear()
    state.conversations = []
    session.forget()
    this.#started = null
    this.open(null)
  }

  async #start(): Promise<void> {
    const { state, session } = this.#context
    await this.#restore()
    try {
      await session.token(false)
      state.error = null
    } catch (error) {
      state.error = asChatError(error)
      this.#started = null
    }
  }

  async #restore(): Promise<void> {
    const { state, storage, session, store } = this.#context
    await session.restore()
    const id = (await storage.get('meta', OPEN_ID))?.value
    const stored = await storage.list('conversations')
    if (state.conversations.length === 0)
      state.conversations = stored.toSorted((a, b) => b.updatedAt - a.updatedAt)
    store.touch()
    await this.#resumeOutbox()
    if (typeof id === 'string' && (!state.open || state.open.id === id)) await this.load(id)
  }

  /** Takes up what an earlier page asked and never knew to have arrived. */
  async #resumeOutbox(): Promise<void> {
    const { outbox, state, platform } = this.#context
    for (const entry of await outbox.entries()) {
      const known = state.held.get(entry.conversationId)
      const conversation = known ?? newConversationState(entry.conversationId, platform.now())
      state.held.set(conversation.id, conversation)
      if (!known) await loadFromStorage(this.#context, conversation)
      const turn = turnFromOutbox(conversation, entry)
      if (turn) void this.#runner.run(conversation, turn)
      else await outbox.drop(entry.id)
    }
  }

  async #reconcile(conversation: ConversationState): Promise<void> {
    try {
      const turn = await loadFromServer(this.#context, conversation)
      conversation.error = null
      if (turn) void this.#runner.run(conversation, turn)
    } catch (error) {
      if (isGone(error)) return this.#forget(conversation)
      conversation.error = asChatError(error)
      parkInterrupted(conversation, conversation.error, this.#runner.parked)
    }
  }

  /** Deleted elsewhere; but what the server never got is not the server's to delete. */
  async #forget(conversation: ConversationState): Promise<void> {
    const { state, storage } = this.#context
    if (conversation.tree.all().some(({ role, status }) => role === 'user' && status !== 'sent')) return
    await storage.write([{ removeConversation: conversation.id }])
    if (state.open === conversation) this.open(null)
  }

  async #loading(task: () => Promise<void>): Promise<void> {
    const { state, store } = this.#context
    state.loads += 1
    store.touch()
    try {
      await task()
    } finally {
      state.loads -= 1
      store.touch()
      store.flush()
    }
  }
}

const isGone = (error: unknown): boolean => error instanceof ChatError && error.status === 404

const asChatError = (error: unknown): ChatError =>
  error instanceof ChatError
    ? error
    : new ChatError('protocol', 'Something unexpected happened.', { cause: error })
