import {
  forgetAll,
  heldConversation,
  loading,
  onWake,
  openConversation,
  tellParts,
  type ClientCore,
} from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import type { Hooks } from '../chat-client/hooks.js'
import type { Part } from '../chat-client/part.js'
import { dropConversation } from './drop-conversation.js'
import { stopTurns } from '../chat-client/run-turn.js'
import type { Turn } from '../chat-client/turn.js'
import { asChatError, ChatError } from '../errors/chat-error.js'
import type { ConversationSummary } from '../messages/conversation.js'
import { createMemoryStorage } from '../persistence/memory-storage.js'
import type { ChatStorage } from '../persistence/storage.js'
import { isId, sendableText, type ConversationPage, type WireConversation } from '../protocol/index.js'
import { conversationFromWire } from './from-wire.js'
import { trim, type HistoryBounds } from './bounds.js'
import { newestFirst, without } from './conversation-list.js'
import type { History } from './history.js'
import { catchUp, reconcile } from './reconcile.js'
import { request } from '../chat-client/request.js'
import { older } from './older.js'
import { OPEN, SESSION } from './kept-values.js'
import { keepValue, restore, rungId } from './restore.js'
import { safeStorage } from '../persistence/safe-storage.js'
import { soundStorage } from './sound-storage.js'
import { changesFor, loadFromStorage } from './stored-conversation.js'

export interface HistoryOptions {
  /** Where conversations and the session are kept. Default: memory, gone with the page. */
  readonly storage?: ChatStorage
  /** Default: everything is kept. */
  readonly bounds?: HistoryBounds
  /** Called with the number of things in storage that are no records of ours; they were removed. */
  readonly onBrokenRecords?: (count: number) => void
  /** Called at most once, when storage failed and the client went on in memory. */
  readonly onStorageFailure?: (error: unknown) => void
}

/** Conversations that can be listed, opened, renamed and deleted, and that are there again after a reload. */
export const createHistory =
  ({
    storage = createMemoryStorage(),
    bounds,
    onStorageFailure,
    onBrokenRecords,
  }: HistoryOptions = {}): Part<History> =>
  (core) => {
    const safe = soundStorage(safeStorage(core.platform, storage, onStorageFailure), onBrokenRecords)
    storage.onCleared?.(() => void forgetAll(core))
    core.hooks.push(historyHooks(core, safe))
    onWake(core, () => {
      // Of a page that slept nobody knows what it missed.
      void safe.write([])
      void catchUp(core, safe)
    })
    if (bounds) core.hooks.push({ caughtUp: () => void trim(safe, core.state.open, bounds) })
    return {
      list: () => list(core),
      async open(id) {
        await open(core, safe, id)
        if (bounds) await trim(safe, core.state.open, bounds)
      },
      older: () => older(core),
      rename: (id, title) => rename(core, safe, id, title),
      remove: (id) => remove(core, safe, id),
      search: (query) => search(core, query),
      restore: (id) => restoreDeleted(core, id),
    }
  }

function historyHooks(core: ClientCore, storage: ChatStorage): Hooks {
  const keep = (conversation: ConversationState, { questionId, answerId }: Turn): Promise<void> =>
    storage.write(changesFor(conversation, [questionId, answerId], core.platform.now()))
  return {
    restore: () => restore(core, storage),
    async restored() {
      const { open } = core.state
      // What this page has just begun holds nothing but what is being asked, and is not the server's yet.
      if (open && (!open.turns.length || open.tree.all().length > 2 * open.turns.length))
        await reconcile(core, storage, open)
    },
    sessionChanged: (info) => void keepValue(storage, SESSION, info),
    rungFound: (found) => void keepValue(storage, rungId(core), found),
    opened: (conversation) => void keepValue(storage, OPEN, conversation?.id ?? null),
    // Before the answer comes, so that a reload in between finds the question.
    asked: (conversation, turn) => void keep(conversation, turn),
    arrived(conversation, turn) {
      takeTitle(core, conversation, turn)
      // A page that is reloaded now, with the server away, must know that the answer goes on there.
      void keep(conversation, turn)
    },
    ended(conversation, turn) {
      takeTitle(core, conversation, turn)
      return keep(conversation, turn)
    },
    forgotten: () => storage.write([{ clear: true }]),
  }
}

async function list(core: ClientCore): Promise<void> {
  await loading(core, async () => {
    await core.session.token()
    const { held } = core.state
    const page = await request<ConversationPage>(core, 'GET', '/conversations?page_size=100')
    if (page && core.state.held === held)
      core.state.conversations = page.conversations.map(conversationFromWire)
  })
}

async function open(core: ClientCore, storage: ChatStorage, id: string): Promise<void> {
  await loading(core, async () => {
    const conversation = heldConversation(core, checked(id))
    openConversation(core, conversation)
    await loadFromStorage(core, storage, conversation)
    core.store.show()
    await reconcile(core, storage, conversation)
  })
}

async function rename(core: ClientCore, storage: ChatStorage, id: string, words: string): Promise<void> {
  const title = sendableText(words)
  await request(core, 'PATCH', `/conversations/${checked(id)}`, { title })
  heldConversation(core, id).title = title
  core.state.conversations = core.state.conversations.map((one) => (one.id === id ? { ...one, title } : one))
  core.store.show()
  const { held } = core.state
  const kept = await storage.get('conversations', id)
  if (kept && core.state.held === held)
    await storage.write([{ put: 'conversations', record: { ...kept, title } }])
}

/** Ids may come from anywhere, such as the page's address, and become a part of another one. @throws ChatError `protocol` */
function checked(id: string): string {
  if (isId(id)) return id
  throw new ChatError('protocol', 'No such conversation.')
}

async function remove(core: ClientCore, storage: ChatStorage, id: string): Promise<void> {
  const held = core.state.held.get(id)
  if (held) await stopTurns(core, held)
  try {
    await request(core, 'DELETE', `/conversations/${checked(id)}`)
  } catch (error) {
    // What the server does not have need not be deleted there.
    if (asChatError(error).status !== 404) throw error
  }
  dropConversation(core, id)
  void tellParts(core, 'removed', id)
  await storage.write([{ removeConversation: id }])
}

async function search(core: ClientCore, query: string): Promise<readonly ConversationSummary[]> {
  const path = `/conversations?page_size=100&query=${encodeURIComponent(sendableText(query))}`
  const page = await request<ConversationPage>(core, 'GET', path)
  return page?.conversations.map(conversationFromWire) ?? []
}

async function restoreDeleted(core: ClientCore, id: string): Promise<void> {
  const { state, store } = core
  const { held } = state
  const wire = await request<WireConversation>(core, 'POST', `/conversations/${checked(id)}/restore`)
  if (!wire || state.held !== held) return
  state.conversations = newestFirst([...without(id, state), conversationFromWire(wire)])
  store.show()
}

/** The server made up a title: it stands first in the list, because the conversation is the newest now. */
function takeTitle(
  { state, platform }: ClientCore,
  conversation: ConversationState,
  { progress }: Turn,
): void {
  const { id, createdAt } = conversation
  const { title } = progress.told
  if (!title || title === conversation.title) return
  conversation.title = title
  const newest: ConversationSummary = { id, title, createdAt, updatedAt: platform.now() }
  state.conversations = [newest, ...without(id, state)]
}
