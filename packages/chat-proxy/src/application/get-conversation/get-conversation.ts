import type { Caller } from '../../domain/caller.js'
import type { Conversation } from '../../domain/conversation.js'
import type { Message } from '../../domain/message.js'
import { isTerminal } from '../../domain/run.js'
import { requireConversation, requireMessage } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { readSnapshot, type RunSnapshot, type SnapshotDeps } from '../shared/run-snapshot.js'

export interface GetConversationInput {
  readonly id: string
  /** Id of a message: only older ones. */
  readonly before?: string | undefined
  readonly limit: number
}

export interface OpenConversation {
  readonly conversation: Conversation
  /** Newest `limit`, first to last. The answer under way has its text up to `activeRun.seq`. */
  readonly messages: readonly Message[]
  readonly hasMore: boolean
  readonly activeRun: { readonly id: string; readonly seq: number } | null
}

/** A conversation as somebody needs it who opens it: also in the middle of an answer. */
export class GetConversation {
  readonly #deps: SnapshotDeps

  constructor(deps: SnapshotDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `conversation-not-found`, `message-not-found` for `before` */
  async execute(caller: Caller, { id, before, limit }: GetConversationInput): Promise<OpenConversation> {
    const { conversations, runs } = this.#deps
    const owner = ownerOf(caller)
    const conversation = await requireConversation(conversations, owner, id)
    if (before !== undefined) await requireMessage(conversations, owner, { id: before, conversationId: id })
    const active = await runs.findActive(owner, id)
    const snapshot = active && (await readSnapshot(this.#deps, owner, active.id))
    const page = await conversations.messages(owner, id, { limit, ...(before !== undefined && { before }) })
    const live = snapshot && !isTerminal(snapshot.run.status) ? snapshot : null
    return {
      conversation,
      messages: live ? withLiveText(page.messages, live) : page.messages,
      hasMore: page.hasMore,
      activeRun: live && { id: live.run.id, seq: live.seq },
    }
  }
}

/** The text must reach exactly as far as the cursor, or reading on from it would lose or double words. */
const withLiveText = (messages: readonly Message[], { message }: RunSnapshot): readonly Message[] =>
  messages.map((stored) => (stored.id === message.id ? message : stored))
