import { asChatError, ChatError } from '../errors/chat-error.js'
import type { ConversationSummary } from '../messages/conversation.js'
import type { Platform, WakeReason } from '../platform/platform.js'
import type { FoundRung } from '../run/ladder.js'
import type { RunPolicy } from '../run/run-policy.js'
import type { Session } from '../session/session.js'
import type { Store } from '../store/store.js'
import type { ChatTransport } from '../transport/chat-transport.js'
import type { ChatSnapshot, SessionInfo } from './chat-client.js'
import { newConversationState, type ConversationState } from './conversation-state.js'
import type { Hooks } from './hooks.js'

/** What the client and its parts share. */
export interface ClientCore {
  readonly transport: ChatTransport
  readonly platform: Platform
  readonly session: Session
  readonly store: Store<ChatSnapshot>
  readonly state: ClientState
  /** Of the parts, in the order they were given. */
  readonly hooks: Hooks[]
  readonly policy: () => RunPolicy
  /** Aborts when the client is destroyed. */
  readonly signal: AbortSignal
}

/** The mutable truth behind the snapshot. */
export interface ClientState {
  /** The open conversation; `null` for a new one without messages. */
  open: ConversationState | null
  /** Conversations with something under way, and the open one. Another map for whoever comes after this visitor. */
  held: Map<string, ConversationState>
  conversations: readonly ConversationSummary[]
  session: SessionInfo | null
  /** Whom the site names; undefined while it has said nothing. */
  asker?: Asker
  /** The start under way or done; `null` when the last one did not get through. */
  started?: Promise<void> | null | undefined
  /** What an earlier page left is being taken up: until then it is not known which conversation is open. */
  restoring?: Promise<void> | null
  /** How many loads are under way. */
  loads: number
  /** The way of reading that was found to get through; `null` when the best one does. */
  rung: FoundRung | null
  /** The newest time that was given to a message. */
  lastTime: number
  error: ChatError | null
}

/** Whom the site names as the one who asks from now on. */
export interface Asker {
  /** Proves who it is; null for nobody in particular. */
  readonly token: string | null
  /** What was held when it turned out that somebody else had been here last. */
  left?: ClientState['held']
}

/** Shows a conversation, or with `null` an empty page. Answers under way in the one before go on. @returns it */
export function openConversation<C extends ConversationState | null>(core: ClientCore, next: C): C {
  const { state, store } = core
  const previous = state.open
  if (previous?.turns.length === 0 && previous.parked.size === 0) state.held.delete(previous.id)
  if (next) state.held.set(next.id, next)
  state.open = next
  store.show()
  void tellParts(core, 'opened', next)
  return next
}

/** The conversation as it is held, else a fresh one. */
export const heldConversation = ({ state, platform }: ClientCore, id: string): ConversationState =>
  state.held.get(id) ?? newConversationState(id, platform.now())

/** Lets go of everything, because this visitor's session ended; otherwise as {@link forgetConversations}. */
export function forgetAll(core: ClientCore, told?: string): Promise<void> {
  core.state.started = undefined
  core.session.adopt(null)
  return forgetConversations(core, told)
}

/**
 * Lets go of every conversation, and of what is under way in it. Resolves when nothing of them is kept any more.
 * @param told the visitor whose other tabs shall do so, too
 */
export function forgetConversations(core: ClientCore, told?: string): Promise<void> {
  const { state } = core
  for (const { life } of state.held.values()) life.abort(new ChatError('aborted', 'The chat ended.'))
  state.conversations = []
  openConversation(core, null)
  state.held = new Map()
  return tellParts(core, 'forgotten', told)
}

/** Calls `listener` at every wake, until the client is destroyed. */
export const onWake = ({ platform, signal }: ClientCore, listener: (reason: WakeReason) => void): void =>
  signal.addEventListener('abort', platform.onWake(listener))

/** Calls one hook of every part, all at once. Resolves when all have answered. */
export async function tellParts<M extends Moment>(
  { hooks }: Pick<ClientCore, 'hooks'>,
  moment: M,
  ...what: Parameters<Required<Hooks>[M]>
): Promise<void> {
  // The compiler does not see that a hook and what it takes go by the same name.
  type Hook = (...what: Parameters<Required<Hooks>[M]>) => Promise<void> | void
  await Promise.all(hooks.map(async (hook) => (hook[moment] as Hook | undefined)?.(...what)))
}

/** Hooks that are told something, and asked nothing. */
type Moment = Exclude<keyof Hooks, 'awaited' | 'fieldsFor' | 'around'>

/** Runs a task while the snapshot says `loading`; its failure becomes the snapshot's error. @returns whether it went well */
export async function loading({ state, store }: ClientCore, task: () => Promise<void>): Promise<boolean> {
  state.loads += 1
  store.touch()
  try {
    await task()
    return true
  } catch (error) {
    state.error = asChatError(error)
    return false
  } finally {
    state.loads -= 1
    store.show()
  }
}
